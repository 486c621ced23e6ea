package dev.malachite.testkit.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happens in the emulator, followed as it happens: nobody polls. A connection that breaks is made anew and goes on
 * behind the last event that was seen.
 *
 * <p>Awaiting never consumes: each call looks at all that has happened since following began, so an event that came before
 * it was awaited is found too.
 */
public final class Events {

    /** A test that sees more has forgotten to end. */
    private static final int MOST_KEPT = 100_000;

    private static final int SHOWN = 15;

    private final Wire wire;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Event> happened = new ArrayDeque<>();
    private @Nullable EventFeed feed;

    Events(Wire wire) {
        this.wire = wire;
    }

    /**
     * Waits until something happens, or returns at once if it has.
     *
     * @param wanted tells it from all else; must not block
     * @param patience in real time
     * @return the first event that fits
     * @throws EventTimeoutException if it does not happen in time
     */
    public Event await(Predicate<Event> wanted, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            long looked = 0;
            while (true) {
                for (Event event : happened) {
                    if (event.number() > looked) {
                        looked = event.number();
                        if (wanted.test(event)) {
                            return event;
                        }
                    }
                }
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new EventTimeoutException(instead(patience));
                }
                changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventTimeoutException("Interrupted while waiting for an event");
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a run has an event of that type, for example {@code await("job.running", "train-1", …)}.
     *
     * @throws EventTimeoutException if it does not happen in time
     */
    public Event await(String type, String run, Duration patience) {
        return await(event -> event.is(type, run), patience);
    }

    /** All that has happened since following began, oldest first; of more than 100 000 the latest. */
    public List<Event> seen() {
        lock.lock();
        try {
            return List.copyOf(happened);
        } finally {
            lock.unlock();
        }
    }

    /** Begins to follow, if nobody has; returns when nothing more can be missed. */
    void begin() {
        lock.lock();
        try {
            if (feed == null) {
                feed = EventFeed.open(wire, this::add);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was before a reset is forgotten here too; numbers go on. */
    void beginAnew() {
        lock.lock();
        try {
            if (feed != null) {
                close();
                happened.clear();
                begin();
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            if (feed != null) {
                feed.close();
                feed = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void add(Event event) {
        lock.lock();
        try {
            happened.add(event);
            if (happened.size() > MOST_KEPT) {
                happened.removeFirst();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private String instead(Duration patience) {
        String broken = Optional.ofNullable(feed)
                .flatMap(EventFeed::problem)
                .map(why -> " The connection is broken: " + why + ".")
                .orElse("");
        if (happened.isEmpty()) {
            return "Nothing happened within %s.%s".formatted(patience, broken);
        }
        String last = happened.stream()
                .skip(Math.max(0, happened.size() - SHOWN))
                .map(event -> "  %d %s %s: %s"
                        .formatted(
                                event.number(),
                                event.type(),
                                event.runId().or(event::node).or(event::target).orElse(""),
                                event.message().lines().findFirst().orElse("")))
                .collect(Collectors.joining("\n"));
        return "It did not happen within %s.%s The last of %d events:\n%s"
                .formatted(patience, broken, happened.size(), last);
    }
}
