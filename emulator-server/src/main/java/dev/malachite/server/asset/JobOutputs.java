package dev.malachite.server.asset;

import dev.malachite.engine.WorkspaceId;
import java.util.Optional;

/** Knows where jobs have put their named outputs; who runs jobs provides it. */
public interface JobOutputs {

    /** In the long form of {@code azureml://…/datastores/…/paths/…}; empty when the job has no output of that name. */
    Optional<String> uri(WorkspaceId workspace, String job, String output);
}
