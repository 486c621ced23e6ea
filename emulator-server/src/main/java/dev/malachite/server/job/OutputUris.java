package dev.malachite.server.job;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.asset.JobOutputs;
import dev.malachite.server.delivery.Deliveries;
import dev.malachite.server.workspace.Workspaces;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Tells those who keep assets where jobs have put their outputs. */
@Component
class OutputUris implements JobOutputs {

    private final Workspaces workspaces;
    private final Deliveries deliveries;

    OutputUris(Workspaces workspaces, Deliveries deliveries) {
        this.workspaces = workspaces;
        this.deliveries = deliveries;
    }

    @Override
    public Optional<String> uri(WorkspaceId workspace, String job, String output) {
        return workspaces.find(workspace).flatMap(found -> deliveries.output(found, job, output));
    }
}
