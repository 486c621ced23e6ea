package dev.malachite.server.hyperdrive;

import dev.malachite.engine.Command;
import dev.malachite.engine.JobId;
import dev.malachite.server.job.JobType;
import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Jobs of type {@code Sweep} of the v2 SDK. */
@Component
class SweepJobs implements JobType {

    private final Sweeps sweeps;

    SweepJobs(Sweeps sweeps) {
        this.sweeps = sweeps;
    }

    @Override
    public String name() {
        return "Sweep";
    }

    @Override
    public Command.SubmitParent submission(
            Workspace workspace, Optional<JobId> parent, String name, ObjectNode properties, String caller) {
        return sweeps.job(workspace, parent, name, properties, caller);
    }
}
