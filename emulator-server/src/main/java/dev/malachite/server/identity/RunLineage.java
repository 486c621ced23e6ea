package dev.malachite.server.identity;

import dev.malachite.server.workspace.WorkspaceRef;

/** What the run history knows about whose child a run is; the part that keeps the runs provides it. */
public interface RunLineage {

    /** Whether the run is there, in that very workspace, and has not ended a while ago. */
    boolean isLive(RunIdentity run);

    boolean exists(WorkspaceRef workspace, String run);

    /** Whether {@code ancestor} is the parent of {@code run}, or its parent's parent, and so on. */
    boolean descends(WorkspaceRef workspace, String run, String ancestor);
}
