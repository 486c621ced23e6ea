package dev.malachite.server.blob;

import dev.malachite.server.web.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file shares of the account. A share's files lie in a container of its name, so that jobs read and write them as
 * blobs; a directory is an empty blob whose name ends with a slash, or is there because something is below it.
 */
@Component
public class FileShares {

    private final BlobStore store;
    private final JsonFolder known;

    /** Real time, as of every blob. */
    private final InstantSource time = InstantSource.system();

    FileShares(BlobStore store, DataFolder data) {
        this.store = store;
        this.known = known(data);
    }

    /** Where what is known of shares lies. */
    static JsonFolder known(DataFolder data) {
        return new JsonFolder(data.folder("file-shares"));
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
        return Containers.legal(name) && known.has(name);
    }

    Optional<Share> find(String name) {
        return known.read(name)
                .map(json -> new Share(
                        name,
                        Instant.parse(json.path("modified").stringValue()),
                        json.path("quota").asInt(),
                        JsonFolder.metadata(json)));
    }

    List<String> names() throws IOException {
        return known.names();
    }

    /** Makes a share, or changes what is known of one. */
    Share write(String name, int quota, Map<String, String> metadata) throws IOException {
        Share share = new Share(name, time.instant().truncatedTo(ChronoUnit.MILLIS), quota, metadata);
        ObjectNode json =
                Json.object().put("modified", share.modified().toString()).put("quota", quota);
        metadata.forEach(json.putObject("metadata")::put);
        known.write(name, json);
        store.createContainer(name);
        return share;
    }

    void remove(String name) throws IOException {
        store.removeContainer(name);
        known.remove(name);
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
}
