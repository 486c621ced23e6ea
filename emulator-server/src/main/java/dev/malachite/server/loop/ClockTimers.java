package dev.malachite.server.loop;

import dev.malachite.server.runtime.Timers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** Timers on the emulator's clock; the control loop fires them, in order with its own. */
@Component
class ClockTimers implements Timers {

    private final TreeMap<Key, Runnable> timers = new TreeMap<>();

    /** Those of them that a clock jumps for. */
    private final TreeSet<Key> pressing = new TreeSet<>();

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
        return add(when, task, true);
    }

    @Override
    public Cancel meanwhile(Instant when, Runnable task) {
        return add(when, task, false);
    }

    private Cancel add(Instant when, Runnable task, boolean presses) {
        Key key;
        Runnable wake;
        synchronized (this) {
            key = new Key(when, ++count);
            timers.put(key, task);
            if (presses) {
                pressing.add(key);
            }
            wake = changed;
        }
        wake.run();
        return () -> remove(key);
    }

    private synchronized void remove(Key key) {
        timers.remove(key);
        pressing.remove(key);
    }

    /** Whether there is a timer that a clock which turns itself jumps for. */
    synchronized boolean isPressing() {
        return !pressing.isEmpty();
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
            Map.Entry<Key, Runnable> first = timers.pollFirstEntry();
            pressing.remove(first.getKey());
            due.add(first.getValue());
        }
        return due;
    }
}
