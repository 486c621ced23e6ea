package dev.malachite.server.snapshot;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.DataFolder;
import dev.malachite.server.snapshot.Snapshots.SnapshotFile;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Snapshots as folders that never change: a manifest and the files that came with this one; what was inherited stays
 * where it is. A file is a hard link to the uploaded blob, so that overwriting the blob cannot alter the snapshot. The
 * folder is made under another name and renamed: it is there whole or not at all.
 */
@Component
class SnapshotStore {

    private static final String MANIFEST = "manifest.json";

    private final DataFolder data;
    private final Path root;

    SnapshotStore(DataFolder data) {
        this.data = data;
        this.root = data.folder("snapshots");
    }

    /**
     * A file of a snapshot to be kept.
     *
     * @param hash the client's, to tell whether an inherited file is the one that it means; may be empty
     * @param content in this store where it is inherited, else a blob
     */
    record Entry(String path, String hash, Path content, long size) {}

    /**
     * A snapshot that is there.
     *
     * @param digest of the request that made it
     */
    record Kept(String digest, List<Entry> entries) {

        List<SnapshotFile> files() {
            return entries.stream()
                    .map(entry -> new SnapshotFile(entry.path(), entry.content(), entry.size()))
                    .toList();
        }

        Map<String, Entry> byPath() {
            Map<String, Entry> byPath = new HashMap<>();
            entries.forEach(entry -> byPath.put(entry.path(), entry));
            return byPath;
        }
    }

    /** @param key a plain file name */
    Optional<Kept> find(WorkspaceId workspace, String key) {
        Path folder = folder(workspace);
        try {
            JsonNode manifest = Json.parse(Files.readString(folder.resolve(key).resolve(MANIFEST)));
            List<Entry> entries = new ArrayList<>();
            for (JsonNode file : manifest.path("files")) {
                entries.add(new Entry(
                        file.path("path").stringValue(),
                        file.path("hash").stringValue(),
                        folder.resolve(file.path("content").stringValue()),
                        file.path("size").longValue()));
            }
            return Optional.of(new Kept(manifest.path("digest").stringValue(), entries));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps a snapshot; false when there is one of that key already. */
    boolean keep(WorkspaceId workspace, String key, String digest, List<Entry> entries) throws IOException {
        Path folder = Files.createDirectories(folder(workspace));
        Path fresh = Files.createTempDirectory(folder, "new-");
        try {
            ObjectNode manifest = Json.object().put("digest", digest);
            ArrayNode files = manifest.putArray("files");
            int own = 0;
            for (Entry entry : entries) {
                String content;
                if (entry.content().startsWith(folder)) {
                    content = folder.relativize(entry.content()).toString();
                } else {
                    String name = "f" + own++;
                    link(entry.content(), fresh.resolve(name));
                    content = key + "/" + name;
                }
                files.addObject()
                        .put("path", entry.path())
                        .put("hash", entry.hash())
                        .put("content", content)
                        .put("size", entry.size());
            }
            Files.writeString(fresh.resolve(MANIFEST), Json.text(manifest));
            Files.move(fresh, folder.resolve(key), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
            return false;
        } finally {
            DataFolder.remove(fresh);
        }
    }

    /** Removes a snapshot that nobody was told of. */
    void remove(WorkspaceId workspace, String key) throws IOException {
        DataFolder.remove(folder(workspace).resolve(key));
    }

    void removeAll(WorkspaceId workspace) throws IOException {
        data.discard(folder(workspace));
    }

    private static void link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException e) {
            Files.copy(from, to);
        }
    }

    private Path folder(WorkspaceId workspace) {
        return root.resolve(workspace.value());
    }
}
