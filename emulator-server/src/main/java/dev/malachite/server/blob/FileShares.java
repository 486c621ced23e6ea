package dev.malachite.server.blob;

import dev.malachite.server.web.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file shares of the account. A share's files lie in a container of its name, so that jobs read and write them as
 * blobs; a directory is an empty blob whose name ends with a slash, or is there because something is below it.
 */
@Component
public class FileShares {

    private final BlobStore store;
    private final Path root;

    /** Real time, as of every blob. */
    private final InstantSource time = InstantSource.system();

    FileShares(BlobStore store, DataFolder data) {
        this.store = store;
        this.root = data.folder("file-shares");
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What is known of a share.
     *
     * @param quota in GiB: kept and shown, and bounds nothing
     */
    record Share(String name, Instant modified, int quota, Map<String, String> metadata) implements Stamped {

        @Override
        public String etag() {
            return new ContainerRecord(name, modified, metadata).etag();
        }
    }

    /** Whether a container is a share's. */
    public boolean isShare(String name) {
        return Containers.legal(name) && Files.exists(file(name));
    }

    Optional<Share> find(String name) {
        try {
            ObjectNode json = Json.parse(Files.readString(file(name)));
            return Optional.of(new Share(
                    name,
                    Instant.parse(json.path("modified").stringValue()),
                    json.path("quota").asInt(),
                    texts(json)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        }
    }

    /** Makes a share, or changes what is known of one. */
    Share write(String name, int quota, Map<String, String> metadata) throws IOException {
        store.createContainer(name);
        Share share = new Share(name, time.instant().truncatedTo(ChronoUnit.MILLIS), quota, metadata);
        ObjectNode json =
                Json.object().put("modified", share.modified().toString()).put("quota", quota);
        metadata.forEach(json.putObject("metadata")::put);
        Path fresh = Files.createTempFile(root, "new-", "");
        Files.writeString(fresh, Json.text(json));
        Files.move(fresh, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return share;
    }

    void remove(String name) throws IOException {
        Files.deleteIfExists(file(name));
        store.removeContainer(name);
    }

    /** Whether there is such a directory; the share itself has the empty path. */
    boolean hasDirectory(String share, String path) {
        return path.isEmpty()
                || store.find(directory(share, path)).isPresent()
                || !store.list(share, path + "/").isEmpty();
    }

    /** The blob that stands for a directory. */
    static BlobAddress directory(String share, String path) {
        return new BlobAddress(share, path + "/");
    }

    private Path file(String name) {
        return root.resolve(name + ".json");
    }

    private static Map<String, String> texts(ObjectNode json) {
        Map<String, String> texts = new LinkedHashMap<>();
        Json.objectAt(json, "metadata")
                .properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString()));
        return texts;
    }
}
