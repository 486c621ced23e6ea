package dev.malachite.server.loop;

import dev.malachite.engine.Action;
import dev.malachite.engine.Change;
import dev.malachite.engine.Command;
import dev.malachite.engine.Decision;
import dev.malachite.engine.Done;
import dev.malachite.engine.Engine;
import dev.malachite.engine.Event;
import dev.malachite.engine.Planner;
import dev.malachite.engine.Reconciler;
import dev.malachite.engine.Refusal;
import dev.malachite.engine.State;
import dev.malachite.engine.TargetId;
import dev.malachite.server.store.EngineStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The one writer. Everything that changes targets, nodes and jobs passes through its queue, so that rules never race:
 * a batch is decided on a working copy, written in one transaction, and only then seen by readers, answered, and acted
 * upon. If the write fails, the working copy is forgotten and every command of the batch with it.
 */
@Component
public class ControlLoop {

    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);
    private static final int MAX_BATCH = 512;

    private static final Duration AFTER_A_FAILED_WRITE = Duration.ofSeconds(1);
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(5);

    private final Engine engine = new Engine();
    private final BlockingQueue<Item<?>> queue = new LinkedBlockingQueue<>();
    private final WakeUps wakeUps = new WakeUps();
    private final EngineStore store;
    private final EmulatorClock clock;
    private final EventLog events;
    private final ClockTimers timers;
    private volatile State published = State.empty();
    private volatile boolean running;
    private @Nullable ActionDispatcher dispatcher;
    private @Nullable Thread thread;

    ControlLoop(EngineStore store, EmulatorClock clock, EventLog events, ClockTimers timers) {
        this.timers = timers;
        this.store = store;
        this.clock = clock;
        this.events = events;
    }

    /** The last committed state. */
    public State state() {
        return published;
    }

    /** Queues a command; the future ends when its changes are on disk, or with the {@link Refusal}. */
    public <R> CompletableFuture<R> submit(Command<R> command) {
        Item<R> item = new Item<>(command, new CompletableFuture<>());
        queue.add(item);
        return item.answer;
    }

    /** Queues what was seen. A write that fails (a full disk) must not lose it: it is told again until it is written. */
    void observe(Command.Observation seen) {
        CompletableFuture<Done> written = submit(seen);
        written.exceptionally(failure -> {
            timers.at(clock.instant().plus(AFTER_A_FAILED_WRITE), () -> observe(seen));
            return Done.DONE;
        });
    }

    void resetClock() {
        clock.reset();
        store.keepClock(Duration.ZERO);
        wake();
    }

    /** Turns the clock forward; timers on the way fire in order. The future ends when it is done. */
    CompletableFuture<Instant> advance(Duration by) {
        Item<Instant> item = new Item<>(by, new CompletableFuture<>());
        queue.add(item);
        return item.answer;
    }

    /** Reads the last state, so that it can be seen before anything is done. */
    void load() {
        clock.jumpTo(clock.instant().plus(store.keptClock()));
        published = store.load();
    }

    /** Begins; {@code hands} carries out what is planned. */
    synchronized void start(ActionDispatcher hands) {
        dispatcher = hands;
        // Every target is looked at once: what was wanted before the end is wanted again.
        published.targets().forEach(target -> wakeUps.at(target.id(), Optional.of(clock.instant())));
        timers.onChange(this::wake);
        running = true;
        thread = Thread.ofPlatform().name("control-loop").daemon().start(this::run);
    }

    /** Lets the batch that is being written end: an interrupt would close the database's file under everybody. */
    synchronized void stop() throws InterruptedException {
        running = false;
        wake();
        if (thread != null) {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        }
    }

    private void run() {
        while (running) {
            try {
                List<Item<?>> batch = take();
                serve(batch);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("the control loop met a bug and goes on", e);
            }
        }
    }

    private List<Item<?>> take() throws InterruptedException {
        Duration sleep = next().map(clock::until).orElse(LONGEST_SLEEP);
        List<Item<?>> batch = new ArrayList<>();
        Item<?> first = queue.poll(Math.min(sleep.toNanos(), LONGEST_SLEEP.toNanos()), TimeUnit.NANOSECONDS);
        if (first != null) {
            batch.add(first);
            queue.drainTo(batch, MAX_BATCH - 1);
        }
        return batch;
    }

    /** Turns of the clock take effect between the commands before and after them. */
    private void serve(List<Item<?>> batch) {
        List<Item<?>> commands = new ArrayList<>();
        for (Item<?> item : batch) {
            if (item.what instanceof Wake) {
                continue;
            }
            if (item.what instanceof Duration by) {
                process(commands);
                commands.clear();
                turnClock(by);
                @SuppressWarnings("unchecked") // only advance() queues durations
                CompletableFuture<Instant> answer = (CompletableFuture<Instant>) item.answer;
                answer.complete(clock.instant());
            } else {
                commands.add(item);
            }
        }
        process(commands);
    }

    private Optional<Instant> next() {
        return Stream.concat(wakeUps.next().stream(), timers.next().stream()).min(Comparator.naturalOrder());
    }

    /** What follows from a timer at once is seen at that timer's time: observations do not wait for the end of the turn. */
    private void turnClock(Duration by) {
        Instant end = clock.instant().plus(by);
        boolean written = true;
        for (Optional<Instant> next = next();
                written && next.isPresent() && !next.get().isAfter(end);
                next = next()) {
            clock.jumpTo(next.get());
            boolean fired = process(takeObservations());
            boolean seen = process(takeObservations()); // what came of the timers
            written = fired && seen;
        }
        clock.jumpTo(end);
        process(List.of());
        store.keepClock(clock.ahead());
    }

    private List<Item<?>> takeObservations() {
        List<Item<?>> observations = new ArrayList<>();
        queue.removeIf(item -> item.what instanceof Command.Observation && observations.add(item));
        return observations;
    }

    /** Whether all went well; what went wrong has been told to those who asked, and holds nobody else up. */
    private boolean process(List<Item<?>> items) {
        Instant now = clock.instant();
        timers.due(now).forEach(ControlLoop::runTimer);
        List<TargetId> due = wakeUps.due(now);
        Batch batch = new Batch(published);
        try {
            for (Item<?> item : items) {
                decide(item, batch, now);
            }
            batch.touched.addAll(due);
            batch.touched.forEach(target -> reconcile(target, batch, now));
            if (!batch.changes.isEmpty()) {
                store.commit(batch.changes);
            }
        } catch (RuntimeException e) {
            due.forEach(target -> wakeUps.at(target, Optional.of(now)));
            if (items.size() > 1) {
                // One command's trouble must not be its neighbours'.
                items.forEach(item -> process(List.of(item)));
                return true;
            }
            LOG.error("{} changes could not be written; nothing of them holds", batch.changes.size(), e);
            items.forEach(item -> item.answer.completeExceptionally(e));
            batch.touched.forEach(target -> wakeUps.at(target, Optional.of(now.plus(AFTER_A_FAILED_WRITE))));
            return false;
        }
        published = batch.state;
        batch.wakes.forEach(wakeUps::at);
        // First what takes time: who is answered goes on at once, and takes the processor from it.
        dispatch(batch.touched);
        batch.answers.forEach(Runnable::run);
        events.publish(batch.events, now);
        return true;
    }

    private static void runTimer(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a timer met a bug", e);
        }
    }

    /** One target's bug is only that target's: it is left as it is and looked at again later. */
    private void reconcile(TargetId target, Batch batch, Instant now) {
        try {
            Decision<Optional<Instant>> decision = Reconciler.reconcile(batch.state, target, now);
            batch.take(decision);
            batch.wakes.put(target, decision.reply());
        } catch (RuntimeException e) {
            LOG.error("reconciling {} met a bug", target, e);
            batch.wakes.put(target, Optional.of(now.plus(LONGEST_SLEEP)));
        }
    }

    private <R> void decide(Item<R> item, Batch batch, Instant now) {
        @SuppressWarnings("unchecked") // submit() queued it with its own reply type
        Command<R> command = (Command<R>) item.what;
        try {
            Decision<R> decision = engine.decide(batch.state, command, now);
            batch.take(decision);
            batch.touched.addAll(decision.touched());
            batch.answers.add(() -> item.answer.complete(decision.reply()));
        } catch (RuntimeException e) {
            if (!(e instanceof Refusal)) {
                LOG.error("the engine met a bug deciding {}", command.getClass().getSimpleName(), e);
            }
            batch.answers.add(() -> item.answer.completeExceptionally(e));
        }
    }

    private void dispatch(Set<TargetId> touched) {
        ActionDispatcher hands = dispatcher;
        if (hands == null) {
            return;
        }
        for (TargetId target : touched) {
            hands.want(target, Planner.plan(published, target));
        }
        List<Action> images = Planner.planImages(published);
        hands.want(ActionDispatcher.IMAGES, images);
    }

    private void wake() {
        queue.add(new Item<>(Wake.UP, new CompletableFuture<>()));
    }

    /** Makes the loop look at its timers anew. */
    private enum Wake {
        UP
    }

    /** A command, a duration to turn the clock by, or a {@link Wake}. */
    private record Item<R>(Object what, CompletableFuture<R> answer) {}

    /** What a batch has come to so far. */
    private static final class Batch {
        private State state;
        private final List<Change> changes = new ArrayList<>();
        private final List<Event> events = new ArrayList<>();
        private final Set<TargetId> touched = new LinkedHashSet<>();
        private final Map<TargetId, Optional<Instant>> wakes = new LinkedHashMap<>();
        private final List<Runnable> answers = new ArrayList<>();

        Batch(State state) {
            this.state = state;
        }

        void take(Decision<?> decision) {
            state = decision.state();
            changes.addAll(decision.changes());
            events.addAll(decision.events());
        }
    }
}
