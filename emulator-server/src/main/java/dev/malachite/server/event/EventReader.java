package dev.malachite.server.event;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;

/**
 * Follows the log at its reader's own speed: from the files, so that one who is slow costs no memory. One who falls so far
 * behind that what comes next is not kept any more goes on with the oldest that is.
 */
public final class EventReader implements AutoCloseable {

    private final Segments segments;
    private final EventWriter writer;
    private long sent;
    private long segment;
    private Lines lines;

    EventReader(Segments segments, EventWriter writer, long after) throws IOException {
        this.segments = segments;
        this.writer = writer;
        Segments.End end = segments.end();
        if (after < 0 || after >= end.last()) {
            sent = end.last();
            segment = end.segment();
            lines = open(end.length());
        } else {
            sent = after;
            segment = segments.holding(after + 1);
            lines = open(0);
        }
    }

    /** The number of the event that was read last, or behind which reading begins. */
    public long sent() {
        return sent;
    }

    /** The next event; empty when none happens within {@code wait}, or before readers are roused. */
    public Optional<LoggedEvent> next(Duration wait) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        long roused = writer.roused();
        while (true) {
            Segments.End end = segments.end();
            boolean last = segment == end.segment();
            while (lines.next(last ? end.length() : Long.MAX_VALUE)) {
                if (LoggedEvent.isOne(lines.bytes(), lines.length())) {
                    long number = LoggedEvent.number(lines.bytes(), lines.length());
                    if (number > sent) {
                        sent = number;
                        return Optional.of(LoggedEvent.read(lines.bytes(), lines.length()));
                    }
                }
            }
            if (last) {
                Duration left = wait.minusNanos(System.nanoTime() - begun);
                if (!left.isPositive() || writer.roused() != roused) {
                    return Optional.empty();
                }
                writer.awaitGrowth(end, roused, left);
            } else {
                lines.close();
                segment = segments.after(segment);
                lines = open(0);
            }
        }
    }

    /** The oldest may go at this very moment; the next one is then the oldest. */
    private Lines open(long from) throws IOException {
        while (true) {
            try {
                return new Lines(segments.path(segment), from);
            } catch (NoSuchFileException e) {
                long next = segments.after(segment);
                if (next == segment) {
                    throw e;
                }
                segment = next;
            }
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
