package dev.malachite.server.loop;

import dev.malachite.server.runtime.Timers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** Timers on the emulator's clock; the control loop fires them, in order with its own. */
@Component
class ClockTimers implements Timers {

    private final TreeMap<Key, Runnable> timers = new TreeMap<>();
    private Runnable changed = () -> {};
    private long count;

    private record Key(Instant at, long number) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** Says whom to wake when the next time may have become an earlier one. */
    synchronized void onChange(Runnable wake) {
        changed = wake;
    }

    @Override
    public Cancel at(Instant when, Runnable task) {
        Key key;
        Runnable wake;
        synchronized (this) {
            key = new Key(when, ++count);
            timers.put(key, task);
            wake = changed;
        }
        wake.run();
        return () -> remove(key);
    }

    private synchronized void remove(Key key) {
        timers.remove(key);
    }

    synchronized Optional<Instant> next() {
        return timers.isEmpty()
                ? Optional.empty()
                : Optional.of(timers.firstKey().at());
    }

    /** Takes out the tasks whose time has come, earliest first. */
    synchronized List<Runnable> due(Instant now) {
        List<Runnable> due = new ArrayList<>();
        while (!timers.isEmpty() && !timers.firstKey().at().isAfter(now)) {
            due.add(timers.pollFirstEntry().getValue());
        }
        return due;
    }
}
