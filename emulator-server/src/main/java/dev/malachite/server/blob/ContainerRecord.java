package dev.malachite.server.blob;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * What is known of a container beyond its blobs.
 *
 * @param modified when it was made, or its metadata set
 */
record ContainerRecord(String name, Instant modified, Map<String, String> metadata) implements Stamped {

    ContainerRecord {
        metadata = Map.copyOf(metadata);
    }

    @Override
    public String etag() {
        return String.format(
                Locale.ROOT,
                "\"0x%s%X\"",
                BlobPaths.sha256(name).substring(0, 6).toUpperCase(Locale.ROOT),
                modified.toEpochMilli());
    }
}
