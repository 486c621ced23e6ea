package dev.malachite.server.blob;

import dev.malachite.server.web.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** A folder of small documents by name, what is known of containers or shares; each is replaced as a whole. */
record JsonFolder(Path root) {

    private static final String ENDING = ".json";

    boolean has(String name) {
        return Files.exists(file(name));
    }

    Optional<ObjectNode> read(String name) {
        try {
            return Optional.of(Json.parse(Files.readString(file(name))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String name, ObjectNode document) throws IOException {
        Path fresh = Files.createTempFile(root, "new-", "");
        Files.writeString(fresh, Json.text(document));
        Files.move(fresh, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void remove(String name) throws IOException {
        Files.deleteIfExists(file(name));
    }

    /** In the order of the alphabet. */
    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        }
    }

    /** What clients said of it in headers of their own. */
    static Map<String, String> metadata(ObjectNode document) {
        Map<String, String> metadata = new LinkedHashMap<>();
        Json.objectAt(document, "metadata")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().stringValue()));
        return metadata;
    }

    private Path file(String name) {
        return root.resolve(name + ENDING);
    }
}
