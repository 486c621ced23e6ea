package dev.malachite.server.blob;

import dev.malachite.server.web.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Keeps what was said about containers; one of a workspace, about which nothing was said, has no record. */
@Component
class ContainerRecords {

    private final Path root;

    /** Of those that were there from the start. Real time, as of every blob. */
    private final Instant since;

    private final InstantSource time = InstantSource.system();

    ContainerRecords(DataFolder data) {
        this.root = data.folder("blob-containers");
        try {
            this.since = Files.readAttributes(root, BasicFileAttributes.class)
                    .creationTime()
                    .toInstant()
                    .truncatedTo(ChronoUnit.MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ContainerRecord read(String container) {
        try {
            ObjectNode json = Json.parse(Files.readString(file(container)));
            Map<String, String> metadata = new LinkedHashMap<>();
            json.path("metadata")
                    .properties()
                    .forEach(entry ->
                            metadata.put(entry.getKey(), entry.getValue().stringValue()));
            return new ContainerRecord(
                    container, Instant.parse(json.path("modified").stringValue()), metadata);
        } catch (NoSuchFileException e) {
            return new ContainerRecord(container, since, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ContainerRecord write(String container, Map<String, String> metadata) throws IOException {
        ContainerRecord written =
                new ContainerRecord(container, time.instant().truncatedTo(ChronoUnit.MILLIS), metadata);
        ObjectNode json = Json.object().put("modified", written.modified().toString());
        metadata.forEach(json.putObject("metadata")::put);
        Path fresh = Files.createTempFile(root, "new-", "");
        Files.writeString(fresh, Json.text(json));
        Files.move(fresh, file(container), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return written;
    }

    void remove(String container) throws IOException {
        Files.deleteIfExists(file(container));
    }

    private Path file(String container) {
        return root.resolve(container + ".json");
    }
}
