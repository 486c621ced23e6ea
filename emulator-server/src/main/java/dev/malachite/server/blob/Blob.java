package dev.malachite.server.blob;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A blob that exists, as it was when it was looked at.
 *
 * @param content the file that holds its bytes; only the runtime that prints a log writes to it in place
 * @param size bytes
 */
public record Blob(BlobAddress address, Path content, long size, Instant modified) implements Stamped {

    /** Changes with the content: made of the time of the last write and the size. Quoted, as Azure's are. */
    @Override
    public String etag() {
        long nanos = TimeUnit.SECONDS.toNanos(modified.getEpochSecond()) + modified.getNano();
        return String.format(Locale.ROOT, "\"0x%X%X\"", nanos, size);
    }
}
