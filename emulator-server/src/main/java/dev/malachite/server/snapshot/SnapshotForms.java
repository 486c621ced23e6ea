package dev.malachite.server.snapshot;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.DataFolder;
import dev.malachite.server.snapshot.SnapshotStore.Entry;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/**
 * Takes snapshots whose files come with them. Many files come in several snapshots, each of which names its predecessor
 * and the tree of all: what has not come yet is not in it.
 */
@Service
class SnapshotForms {

    private final SnapshotService snapshots;
    private final DataFolder data;

    SnapshotForms(SnapshotService snapshots, DataFolder data) {
        this.snapshots = snapshots;
        this.data = data;
    }

    void keep(WorkspaceId workspace, String id, String parent, JsonNode tree, List<Part> parts) throws IOException {
        SortedMap<String, String> named = SnapshotPaths.files(tree);
        SnapshotPaths.requireCount(parts.size());
        Map<String, Entry> inherited = snapshots.inherited(workspace, parent);
        // On the store's own disk, for it makes links.
        Path folder = Files.createTempDirectory(data.scratch(), "form-");
        try {
            Map<String, Path> brought = new HashMap<>();
            for (Part part : parts) {
                Path file = folder.resolve("f" + brought.size());
                try (InputStream in = part.getInputStream()) {
                    Files.copy(in, file);
                }
                brought.put(
                        SnapshotPaths.ofClient(
                                Optional.ofNullable(part.getSubmittedFileName()).orElse("")),
                        file);
            }
            List<Entry> entries = new ArrayList<>();
            long total = 0;
            for (Map.Entry<String, String> file : named.entrySet()) {
                Path fresh = brought.get(file.getKey());
                Entry entry = fresh == null
                        ? inherited.get(file.getKey())
                        : new Entry(file.getKey(), file.getValue(), fresh, Files.size(fresh));
                if (entry != null) {
                    total += entry.size();
                    SnapshotPaths.requireSize(total);
                    entries.add(entry);
                }
            }
            snapshots.keep(workspace, id, CodeKeys.sha256(parent + named + brought.keySet()), entries);
        } finally {
            DataFolder.remove(folder);
        }
    }
}
