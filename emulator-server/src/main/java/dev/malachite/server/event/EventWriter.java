package dev.malachite.server.event;

import dev.malachite.engine.Change;
import dev.malachite.engine.Event;
import dev.malachite.engine.State;
import dev.malachite.server.event.EventLog.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the log, on a thread of its own so that the loop need not: a batch is one write, and is told after it. */
final class EventWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);

    /** What no line of a node or a job is shorter than; so a state that is far too much need not be written to see that. */
    private static final long LEAST_BYTES = 200;

    private static final int MOST_WAITING = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Segments segments;
    private final Consumer<Entry> listener;
    private final LineBuffer buffer = new LineBuffer();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final Thread thread = Thread.ofPlatform().name("event-log").daemon().unstarted(this::run);
    private volatile boolean failing;
    private volatile boolean closing;

    /** Counted under the lock, so that nobody begins to wait in between. */
    private final AtomicLong roused = new AtomicLong();

    /** Something is missing in the log, before the next batch that is added; touched by the loop only. */
    private boolean gap;

    /** Whether the state must be written before the next batch, and whether what is in the log leads to it. */
    private boolean stateWanted = true;

    private boolean known;

    /** What the thread is asked for. */
    private sealed interface Work {
        record Write(Told told, boolean gap) implements Work {}

        record Clear(CountDownLatch done) implements Work {}

        record Flush(CountDownLatch done) implements Work {}

        record Close() implements Work {}
    }

    EventWriter(Segments segments, Consumer<Entry> listener) {
        this.segments = segments;
        this.listener = listener;
    }

    void start() {
        thread.start();
    }

    /** Waits when much is waiting; what cannot be written in the end is left out. */
    void add(Told told) {
        try {
            Work work = new Work.Write(told, gap);
            boolean added = failing ? queue.offer(work) : queue.offer(work, PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!added && !gap) {
                LOG.warn("the event log cannot keep up or cannot be written: what happens now will be missing in it");
            }
            gap = !added;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void clear() {
        CountDownLatch done = new CountDownLatch(1);
        ask(new Work.Clear(done), done);
    }

    /** Returns when all that was added is in the log and was told; at once when it cannot be written for now. */
    void flush() {
        if (failing) {
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        ask(new Work.Flush(done), done);
    }

    private void ask(Work work, CountDownLatch done) {
        try {
            if (!queue.offer(work, PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    || !done.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the event log is busy or cannot be written");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the log is longer than it was, for so long, or until readers were roused once more. */
    void awaitGrowth(Segments.End seen, long times, Duration most) throws InterruptedException {
        long left = most.toNanos();
        lock.lockInterruptibly();
        try {
            while (segments.end().equals(seen) && roused.get() == times && left > 0) {
                left = grown.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many times readers were roused. */
    long roused() {
        return roused.get();
    }

    /** Has all who wait for growth go on. */
    void rouse() {
        lock.lock();
        try {
            roused.incrementAndGet();
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            try {
                switch (queue.take()) {
                    case Work.Write write -> write(write);
                    case Work.Clear clear -> {
                        segments.clear();
                        stateWanted = true;
                        known = false;
                        tellReaders();
                        clear.done().countDown();
                    }
                    case Work.Flush flush -> flush.done().countDown();
                    case Work.Close _ -> {
                        return;
                    }
                }
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                LOG.error("the event log could not be written", e);
                stateWanted = true;
                known = false;
            }
        }
    }

    private void write(Work.Write work) throws IOException, InterruptedException {
        Told told = work.told();
        buffer.reset();
        if (segments.full()) {
            segments.roll();
            stateWanted = true;
        }
        if (work.gap()) {
            stateWanted = true;
            known = false;
        }
        if (stateWanted) {
            writeState(told.before());
        }
        buffer.line(EngineJson.MAPPER, LogLine.told(told));
        List<Entry> entries = new ArrayList<>(told.events().size());
        long number = segments.end().last();
        for (Event event : told.events()) {
            entries.add(new Entry(++number, told.at(), event));
        }
        buffer.events(entries);
        append(number);
        stateWanted = false;
        known = true;
        tellReaders();
        entries.forEach(listener);
    }

    /** A disk that is full now may have room in a moment. */
    private void append(long last) throws InterruptedException {
        while (true) {
            try {
                segments.append(ByteBuffer.wrap(buffer.bytes(), 0, buffer.length()), last);
                failing = false;
                return;
            } catch (IOException e) {
                if (!failing) {
                    LOG.warn("the event log cannot be written for now: {}", e.getMessage());
                    failing = true;
                }
                if (closing) {
                    return;
                }
                Thread.sleep(AGAIN);
            }
        }
    }

    /** A state that is more than half a segment is not written: there would be no room for what happens. */
    private void writeState(State state) {
        long most = segments.segmentBytes() / 2;
        if (LEAST_BYTES * (state.nodes().size() + state.jobs().size()) > most) {
            leaveStateOut();
            return;
        }
        buffer.line(EngineJson.MAPPER, LogLine.state(LogLine.Beginning.BEGINS));
        for (Iterator<Change> changes = state.changes().iterator(); changes.hasNext(); ) {
            buffer.line(EngineJson.MAPPER, LogLine.change(changes.next()));
            if (buffer.length() > most) {
                buffer.reset();
                leaveStateOut();
                return;
            }
        }
    }

    private void leaveStateOut() {
        buffer.line(EngineJson.MAPPER, LogLine.state(known ? LogLine.Beginning.GOES_ON : LogLine.Beginning.UNKNOWN));
    }

    private void tellReaders() {
        lock.lock();
        try {
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What was added is still written, unless the disk refuses. */
    @Override
    public void close() {
        closing = true;
        try {
            if (queue.offer(new Work.Close(), PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                thread.join(Duration.ofSeconds(10));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
