package dev.malachite.server.runtime.docker;

import dev.malachite.server.runtime.LogLimit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of a log that is read once more from its beginning: what is not in it yet is appended, up to the limit. What is
 * in it is compared on the way, because an engine that keeps a part only may have let go of the beginning.
 */
final class KeptLog implements AutoCloseable {

    private final FileChannel file;
    private final LogLimit limit;

    /** What of the file has been met in the container's log, and how much there was to meet. */
    private long met;

    private final long known;
    private boolean gap;
    private volatile boolean full;

    KeptLog(Path log, LogLimit limit) throws IOException {
        this.limit = limit;
        Files.createDirectories(log.getParent());
        file = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        known = file.size();
        full = known > limit.bytes();
    }

    /** Whether nothing more is kept. */
    boolean full() {
        return full;
    }

    void append(ByteBuffer payload) throws IOException {
        if (full) {
            return;
        }
        meet(payload);
        long room = limit.bytes() - file.size();
        if (payload.remaining() > room) {
            payload.limit(payload.position() + Math.toIntExact(Math.max(0, room)));
            write(payload);
            write(ByteBuffer.wrap(limit.cut()));
            full = true;
        } else {
            write(payload);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Goes past what the file has already. */
    private void meet(ByteBuffer payload) throws IOException {
        if (gap || met == known) {
            return;
        }
        int count = Math.toIntExact(Math.min(known - met, payload.remaining()));
        ByteBuffer there = ByteBuffer.allocate(count);
        while (there.hasRemaining() && file.read(there, met + there.position()) >= 0) {
            // Until all of it is there.
        }
        if (there.flip().equals(payload.slice(payload.position(), count))) {
            met += count;
            payload.position(payload.position() + count);
        } else {
            gap = true;
            write(ByteBuffer.wrap(LogLimit.gap()));
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes, file.size());
        }
    }
}
