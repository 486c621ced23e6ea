package dev.malachite.server.blob;

import dev.malachite.server.web.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Keeps what was said about containers; one of a workspace, about which nothing was said, has no record. */
@Component
class ContainerRecords {

    private final JsonFolder known;

    /** Of those that were there from the start. Real time, as of every blob. */
    private final Instant since;

    private final InstantSource time = InstantSource.system();

    ContainerRecords(DataFolder data) {
        Path root = data.folder("blob-containers");
        this.known = new JsonFolder(root);
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
        return known.read(container)
                .map(json -> new ContainerRecord(
                        container, Instant.parse(json.path("modified").stringValue()), JsonFolder.metadata(json)))
                .orElseGet(() -> new ContainerRecord(container, since, Map.of()));
    }

    ContainerRecord write(String container, Map<String, String> metadata) throws IOException {
        ContainerRecord written =
                new ContainerRecord(container, time.instant().truncatedTo(ChronoUnit.MILLIS), metadata);
        ObjectNode json = Json.object().put("modified", written.modified().toString());
        metadata.forEach(json.putObject("metadata")::put);
        known.write(container, json);
        return written;
    }

    void remove(String container) throws IOException {
        known.remove(container);
    }
}
