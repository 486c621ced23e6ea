package dev.malachite.server.workspace;

import dev.malachite.engine.WorkspaceId;
import java.util.List;
import java.util.Optional;

/** Finds workspaces. */
public interface Workspaces {

    /** The workspace of that name, compared without case. */
    Optional<Workspace> find(WorkspaceRef ref);

    Optional<Workspace> find(WorkspaceId id);

    List<Workspace> all();

    /** The workspace, or Azure's error for a nested resource whose parent is missing. */
    Workspace require(WorkspaceRef ref);
}
