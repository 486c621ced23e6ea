package dev.malachite.server.loop;

import dev.malachite.engine.Event;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** What happened last, numbered, for the page and for tests that wait for something. Bounded: the oldest are dropped. */
@Component
public class EventLog {

    private static final int KEPT = 10_000;

    private final Deque<Entry> entries = new ArrayDeque<>();
    private final List<Consumer<Entry>> listeners = new CopyOnWriteArrayList<>();
    private long last;

    /**
     * An event with its place in the log.
     *
     * @param number counts from 1 since the start of the process
     */
    public record Entry(long number, Instant at, Event event) {}

    /** Ends listening. */
    public interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    void publish(List<Event> happened, Instant at) {
        List<Entry> fresh = new ArrayList<>();
        synchronized (this) {
            for (Event event : happened) {
                fresh.add(new Entry(++last, at, event));
            }
            entries.addAll(fresh);
            while (entries.size() > KEPT) {
                entries.removeFirst();
            }
        }
        for (Entry entry : fresh) {
            listeners.forEach(listener -> listener.accept(entry));
        }
    }

    /** Those kept whose number is above {@code number}, oldest first. */
    public synchronized List<Entry> after(long number) {
        return entries.stream().filter(entry -> entry.number() > number).toList();
    }

    /** Tells {@code listener} of all that happens from now on, until the returned handle is closed. It must not block. */
    public Listening listen(Consumer<Entry> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
