package dev.malachite.server.delivery;

import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The datasets of the v1 SDK that are saved in a workspace; whoever keeps them provides it. */
public interface SavedData {

    /** The definition in the language of the SDK's native engine (YAML); empty when there is no such dataset. */
    Optional<String> dataflow(Workspace workspace, String id);

    /**
     * The id under which a registered dataset is saved.
     *
     * @param version empty for the newest
     */
    Optional<String> named(Workspace workspace, String name, Optional<Integer> version);

    /**
     * Saves the files below a place as a dataset of files, and registers it where it shall have a name.
     *
     * @param registration {@code name}, {@code description} and {@code tags}, as a run configuration has them
     * @return what identifies it in a run: {@code savedId}, {@code registeredId}, {@code registeredVersion}
     */
    ObjectNode save(Workspace workspace, String uri, ObjectNode registration);
}
