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
import java.util.ArrayList;
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
        if (number < 0) {
            writer.flush(); // what has happened already does not happen next
        }
        return new EventReader(segments, writer, number);
    }

    /** Has readers that wait come back with nothing, so that each can see whether anybody is still there to read for. */
    public void rouseReaders() {
        writer.rouse();
    }

    /** Returns when all that was published is in the log and was told to those who listen; at once when it cannot be written for now. */
    public void flush() {
        writer.flush();
    }

    /** Forgets what happened; numbers go on. */
    public void clear() {
        writer.clear();
    }

    /**
     * Writes out all that is kept since the oldest state from which it can be followed, up to this moment. All of it is
     * opened before: what goes with the oldest segment while a slow reader reads would be a hole that nobody sees.
     */
    public void export(OutputStream out) throws IOException {
        writer.flush();
        Segments.End end = segments.end();
        List<Stretch> stretches = new ArrayList<>();
        try {
            for (Map.Entry<Long, Path> segment : segments.all().entrySet()) {
                if (segment.getKey() <= end.segment()) {
                    long length = segment.getKey() == end.segment() ? end.length() : Long.MAX_VALUE;
                    open(stretches, segment.getValue(), length);
                }
            }
            for (Stretch stretch : stretches) {
                copy(stretch, out);
            }
        } finally {
            close(stretches);
        }
    }

    /** So much of a segment as there was. */
    private record Stretch(FileChannel file, long length) {}

    /** Adds the segment if somebody can begin with it, or has begun. */
    private static void open(List<Stretch> stretches, Path segment, long length) throws IOException {
        try {
            if (!stretches.isEmpty() || beginsWithState(segment)) {
                stretches.add(new Stretch(FileChannel.open(segment, StandardOpenOption.READ), length));
            }
        } catch (NoSuchFileException e) {
            close(stretches); // the oldest go first: it has gone, and so have those before it
        }
    }

    private static void close(List<Stretch> stretches) throws IOException {
        for (Stretch stretch : stretches) {
            stretch.file().close();
        }
        stretches.clear();
    }

    private static boolean beginsWithState(Path segment) throws IOException {
        try (Lines lines = new Lines(segment, 0)) {
            return lines.next(Long.MAX_VALUE) && LogLine.isState(lines.bytes(), lines.length());
        }
    }

    private static void copy(Stretch stretch, OutputStream out) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (long left = stretch.length(); left > 0 && stretch.file().read(block) > 0; block.clear()) {
            int part = (int) Math.min(left, block.position());
            out.write(block.array(), 0, part);
            left -= part;
        }
    }

    @PreDestroy
    void close() throws IOException {
        writer.close();
        segments.close();
    }
}
