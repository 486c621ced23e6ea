package dev.malachite.server.delivery;

import dev.malachite.server.workspace.Workspace;
import java.util.Map;
import java.util.Optional;

/** The data and models that have a name in a workspace; whoever keeps assets provides it. */
public interface NamedData {

    /**
     * Where that version is.
     *
     * @param models whether a model is meant; else data
     * @param version a version, or {@code @} and a label
     */
    Optional<Found> find(Workspace workspace, boolean models, String name, String version);

    /**
     * Gives what a job has left a name; asked twice for one job and output, it is the same version.
     *
     * @param type for example {@code uri_folder} or {@code mlflow_model}
     * @param version empty for the next one
     * @param run the job
     */
    Found register(
            Workspace workspace,
            String name,
            Optional<String> version,
            String type,
            String uri,
            Map<String, String> properties,
            String run);

    /** A version. */
    record Found(String name, String version, String type, String uri) {}
}
