package dev.malachite.server.compute;

import dev.malachite.engine.Job;
import dev.malachite.engine.JobId;
import dev.malachite.engine.State;
import dev.malachite.server.identity.NodeIdentities;
import dev.malachite.server.identity.NodeIdentity;
import dev.malachite.server.identity.RunIdentity;
import dev.malachite.server.loop.ControlLoop;
import java.util.List;
import org.springframework.stereotype.Component;

/** A job is on a node of its target, so it has the target's identities, as they are now. */
@Component
class JobIdentities implements NodeIdentities {

    private final ControlLoop loop;

    JobIdentities(ControlLoop loop) {
        this.loop = loop;
    }

    @Override
    public List<NodeIdentity> of(RunIdentity run) {
        State state = loop.state();
        return state.job(new JobId(run.workspaceId(), run.runId()))
                .map(Job::target)
                .flatMap(state::target)
                .map(ComputeIdentity::of)
                .orElse(List.of());
    }
}
