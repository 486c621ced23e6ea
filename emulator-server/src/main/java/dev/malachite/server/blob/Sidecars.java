package dev.malachite.server.blob;

import dev.malachite.server.web.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps what is known of a blob beyond its bytes, in a tree of its own beside the bytes. A blob about which nothing was
 * said, a log above all, has no sidecar.
 */
final class Sidecars {

    private final Path root;
    private final Path beside;

    Sidecars(Path root, Path beside) {
        this.root = root;
        this.beside = beside;
    }

    BlobProperties read(Blob blob) {
        Optional<ObjectNode> kept = document(file(blob.address()));
        if (kept.isEmpty()) {
            return BlobProperties.NONE;
        }
        BlobProperties properties = BlobProperties.of(kept.get());
        // Written just before a crash, or the bytes were appended to since: then the sum is another content's.
        return stamp(blob).equals(kept.get().path("stamp").stringValue(""))
                ? properties
                : properties.without(BlobProperties.MD5).without(BlobProperties.Fact.BLOCKS);
    }

    /** Whether the content is another than that of which the sidecar speaks. */
    boolean hasGrown(Blob blob) {
        return document(file(blob.address()))
                .filter(kept -> !stamp(blob).equals(kept.path("stamp").stringValue("")))
                .isPresent();
    }

    void write(Blob blob, BlobProperties properties) throws IOException {
        Path file = file(blob.address());
        if (properties.isEmpty() && !hashed(file)) {
            Files.deleteIfExists(file);
            return;
        }
        ObjectNode json = properties.json();
        json.put("name", blob.address().name());
        json.put("stamp", stamp(blob));
        replace(file, json);
    }

    /** Has the name on disk before the bytes come, where the path alone does not tell it. */
    void announce(BlobAddress address) throws IOException {
        Path file = file(address);
        if (hashed(file) && !Files.exists(file)) {
            replace(file, Json.object().put("name", address.name()));
        }
    }

    void remove(BlobAddress address) throws IOException {
        Files.deleteIfExists(file(address));
    }

    Path folder(String container) {
        return root.resolve(container);
    }

    /** The name of the blob whose content is at {@code relative}, where the path does not tell it. */
    Optional<String> name(String container, Path relative) {
        return document(root.resolve(container).resolve(relative))
                .map(json -> json.path("name").stringValue(""));
    }

    private void replace(Path file, ObjectNode json) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = Files.createTempFile(beside, "side-", "");
        Files.writeString(fresh, Json.text(json));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Optional<ObjectNode> document(Path file) {
        try {
            return Optional.of(Json.parse(Files.readString(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(BlobAddress address) {
        return root.resolve(address.container()).resolve(BlobPaths.encode(address.name()));
    }

    private boolean hashed(Path file) {
        return BlobPaths.isHashed(
                root.relativize(file).subpath(1, root.relativize(file).getNameCount()));
    }

    private static String stamp(Blob blob) {
        return blob.etag();
    }
}
