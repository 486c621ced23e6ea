package dev.malachite.server.event;

import dev.malachite.engine.Event;
import dev.malachite.server.Settings;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * All that happened, numbered for good: over restarts and resets too no number is given twice. Kept on disk up to a
 * bound, without forcing it to the disk each time: it survives the death of the process, of a power cut the end may be
 * missing. What was committed a moment before a kill may be missing as well; the next start then begins with the state.
 */
@Component
public class EventLog {

    private static final int BLOCK = 64 * 1024;

    private final Segments segments;
    private final EventWriter writer;
    private final List<Consumer<Entry>> listeners = new CopyOnWriteArrayList<>();

    /** An event with its place in the log. */
    public record Entry(long number, Instant at, Event event) {}

    /** Ends listening. */
    public interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    EventLog(Settings settings) {
        try {
            segments = new Segments(settings.data().resolve("events"), settings.eventsMib() * 1024L * 1024);
        } catch (IOException e) {
            throw new UncheckedIOException("the event log cannot be opened", e);
        }
        writer = new EventWriter(segments, entry -> listeners.forEach(listener -> listener.accept(entry)));
        writer.start();
    }

    /** Writes it down soon, and then tells who listens. */
    public void publish(Told told) {
        writer.add(told);
    }

    /** Tells {@code listener} of all that happens from now on, until the returned handle is closed. It must not block. */
    public Listening listen(Consumer<Entry> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Reads from after that number on; a negative one, or one that has not been given yet, means what happens next. */
    public EventReader after(long number) throws IOException {
        return new EventReader(segments, writer, number);
    }

    /** Forgets what happened; numbers go on. */
    public void clear() {
        writer.clear();
    }

    /** Writes out all that is kept since the oldest state from which it can be followed, up to this moment. */
    public void export(OutputStream out) throws IOException {
        writer.flush();
        Segments.End end = segments.end();
        boolean begun = false;
        for (Map.Entry<Long, Path> segment : segments.all().entrySet()) {
            if (segment.getKey() > end.segment()) {
                return;
            }
            begun = begun || beginsWithState(segment.getValue());
            if (begun) {
                copy(segment.getValue(), segment.getKey() == end.segment() ? end.length() : Long.MAX_VALUE, out);
            }
        }
    }

    private static boolean beginsWithState(Path segment) throws IOException {
        try (Lines lines = new Lines(segment, 0)) {
            return lines.next(Long.MAX_VALUE) && LogLine.isState(lines.bytes(), lines.length());
        } catch (NoSuchFileException e) {
            return false; // it was the oldest, and has gone
        }
    }

    private static void copy(Path segment, long length, OutputStream out) throws IOException {
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            for (long left = length; left > 0 && file.read(block) > 0; block.clear()) {
                int part = (int) Math.min(left, block.position());
                out.write(block.array(), 0, part);
                left -= part;
            }
        }
    }

    @PreDestroy
    void close() throws IOException {
        writer.close();
        segments.close();
    }
}
