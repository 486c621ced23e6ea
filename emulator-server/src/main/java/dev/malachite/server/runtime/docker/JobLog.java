package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One reading of a container's log from its beginning: appends to the file what is not in it yet, up to the limit. What is
 * in it is compared on the way, because an engine that keeps a part only may have let go of the beginning.
 */
final class JobLog extends EngineStream<Frame> {

    private final FileChannel file;
    private final LogLimit limit;
    private final Runnable heard;

    /** What of the file has been met in the container's log, and how much there was to meet. */
    private long met;

    private final long known;
    private boolean gap;
    private volatile boolean cut;
    private volatile boolean full;

    /**
     * Opens the file.
     *
     * @param heard told of everything that the container prints
     */
    JobLog(Path log, LogLimit limit, Runnable heard) throws IOException {
        this.limit = limit;
        this.heard = heard;
        Files.createDirectories(log.getParent());
        file = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        known = file.size();
        full = known > limit.bytes();
    }

    /** Whether nothing more is kept. */
    boolean full() {
        return full;
    }

    /** Whether it was ended before its end. */
    boolean cut() {
        return cut;
    }

    @Override
    public void onNext(Frame frame) {
        try {
            if (!full) {
                append(ByteBuffer.wrap(frame.getPayload()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        heard.run();
    }

    void end() {
        cut = true;
        close();
    }

    @Override
    public void close() {
        super.close();
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(ByteBuffer payload) throws IOException {
        meet(payload);
        long room = limit.bytes() - file.size();
        if (payload.remaining() > room) {
            payload.limit(payload.position() + Math.toIntExact(Math.max(0, room)));
            write(payload);
            write(ByteBuffer.wrap(limit.cut()));
            full = true;
            end();
        } else {
            write(payload);
        }
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
