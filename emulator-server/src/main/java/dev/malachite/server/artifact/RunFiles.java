package dev.malachite.server.artifact;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** Files of runs, and of what belongs to no run, folder by folder: as MLflow's clients see them. */
@Component
public class RunFiles {

    private final ArtifactStore store;

    RunFiles(ArtifactStore store) {
        this.store = store;
    }

    /**
     * A place for files.
     *
     * @param below a folder in it to begin at, or empty
     */
    public record Root(String origin, String container, String below) {

        public static Root ofRun(String run) {
            return new Root("ExperimentRun", "dcid." + run, "");
        }

        /** For files that no run has written. */
        public static Root upload(String name) {
            return new Root("LocalUpload", name, "");
        }

        public Root in(String folder) {
            return new Root(origin, container, join(below, folder));
        }

        private ArtifactId id(String path) {
            return new ArtifactId(origin, container, join(below, path));
        }
    }

    /**
     * What a folder holds.
     *
     * @param path from the root
     * @param size bytes; none for a folder
     */
    public record Entry(String path, boolean folder, long size) {}

    /** One folder's files and folders by name; a file's own path lists nothing. */
    public List<Entry> list(WorkspaceId workspace, Root root, String folder) {
        ArtifactId inside = root.id(folder.isEmpty() ? "" : folder + "/");
        if (!inside.path().isEmpty() && !inside.path().endsWith("/")) {
            inside = inside.with(inside.path() + "/");
        }
        Map<String, Entry> found = new TreeMap<>();
        for (Blob blob : store.under(workspace, inside)) {
            String name =
                    ArtifactStore.path(inside, blob).substring(inside.path().length());
            int slash = name.indexOf('/');
            String first = join(folder, slash < 0 ? name : name.substring(0, slash));
            found.putIfAbsent(first, new Entry(first, slash >= 0, slash < 0 ? blob.size() : 0));
        }
        return new ArrayList<>(found.values());
    }

    public Optional<Blob> find(WorkspaceId workspace, Root root, String path) {
        return store.find(workspace, root.id(path));
    }

    /** Keeps one file; an existing one is replaced. */
    public void keep(WorkspaceId workspace, Root root, String path, InputStream content) throws IOException {
        store.keep(workspace, root.id(path), content);
    }

    /** Removes a file, or all of a folder; what is not there is no error. */
    public void delete(WorkspaceId workspace, Root root, String path) throws IOException {
        for (Blob blob : store.under(workspace, root.id(path))) {
            store.delete(workspace, root.id("").with(ArtifactStore.path(root.id(""), blob)));
        }
    }

    private static String join(String folder, String path) {
        return folder.isEmpty() || path.isEmpty() ? folder + path : folder + "/" + path;
    }
}
