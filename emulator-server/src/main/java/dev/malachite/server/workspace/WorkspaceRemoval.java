package dev.malachite.server.workspace;

import dev.malachite.engine.WorkspaceId;

/** Is told that a workspace goes; whoever keeps things for workspaces ends and removes them here. */
public interface WorkspaceRemoval {

    /** Called before the workspace's row is removed, outside of any transaction; may be called again after a crash. */
    void removed(WorkspaceId id);
}
