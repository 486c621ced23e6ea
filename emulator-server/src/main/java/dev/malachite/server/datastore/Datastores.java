package dev.malachite.server.datastore;

import dev.malachite.server.workspace.Workspace;

/** Finds where the files of a datastore lie. */
public interface Datastores {

    /** The name of the workspace's default datastore. */
    String defaultName(Workspace workspace);

    /**
     * The container of our own account that the datastore stands for; Azure's error when there is no such datastore, or
     * when it lies elsewhere.
     */
    String container(Workspace workspace, String name);
}
