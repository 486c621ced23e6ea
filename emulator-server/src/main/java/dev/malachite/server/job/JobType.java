package dev.malachite.server.job;

import dev.malachite.engine.Command;
import dev.malachite.engine.JobId;
import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A {@code jobType} of the v2 SDK's beside {@code Command}; a bean each. */
public interface JobType {

    /** As in {@code properties.jobType}, for example {@code Pipeline}. */
    String name();

    /**
     * What it is for the engine, after everything that can be wrong with it has been looked at.
     *
     * @param parent the run that it is a child of
     * @param name the job's, which is its run id
     * @param caller who submits it
     */
    Command.SubmitParent submission(
            Workspace workspace, Optional<JobId> parent, String name, ObjectNode properties, String caller);
}
