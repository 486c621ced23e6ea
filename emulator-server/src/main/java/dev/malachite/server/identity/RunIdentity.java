package dev.malachite.server.identity;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.workspace.WorkspaceRef;
import java.time.Instant;

/**
 * The job that a verified run token speaks for.
 *
 * @param workspace the only one that the token is good for
 * @param workspaceId tells the workspace from a later one of its name
 * @param runId the run itself
 * @param expires in real time
 */
public record RunIdentity(WorkspaceRef workspace, WorkspaceId workspaceId, String runId, Instant expires) {

    /** Whether {@code other} is this identity's workspace; names compare without case. */
    public boolean isIn(WorkspaceRef other) {
        return workspace.isSameAs(other);
    }
}
