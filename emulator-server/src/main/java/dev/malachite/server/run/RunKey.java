package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** A run's primary key. */
@Embeddable
record RunKey(
        @Column(name = "workspace_id") String workspaceId,
        @Column(name = "run_id") String runId) {

    static RunKey of(WorkspaceId workspace, String runId) {
        return new RunKey(workspace.value(), runId);
    }

    JobId id() {
        return new JobId(new WorkspaceId(workspaceId), runId);
    }
}
