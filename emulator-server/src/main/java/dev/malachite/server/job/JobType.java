package dev.malachite.server.job;

import dev.malachite.server.workspace.Workspace;
import tools.jackson.databind.node.ObjectNode;

/** A {@code jobType} of the v2 SDK's beside {@code Command}; a bean each. */
public interface JobType {

    /** As in {@code properties.jobType}, for example {@code Pipeline}. */
    String name();

    /**
     * Submits it; looks first at everything that can be wrong with it.
     *
     * @param name the job's, which is its run id; no run has it
     * @param caller who submits it
     */
    void submit(Workspace workspace, String name, ObjectNode properties, String caller);
}
