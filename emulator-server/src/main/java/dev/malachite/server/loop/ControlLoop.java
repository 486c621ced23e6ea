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
        wake();
    }

    /** Turns the clock forward; timers on the way fire in order. The future ends when it is done. */
    CompletableFuture<Instant> advance(Duration by) {
        Item<Instant> item = new Item<>(by, new CompletableFuture<>());
        queue.add(item);
        return item.answer;
    }

    /** Loads the last state and begins; {@code hands} carries out what is planned. */
    synchronized void start(ActionDispatcher hands) {
        dispatcher = hands;
        published = store.load();
        // Every target is looked at once: what was wanted before the end is wanted again.
        published.targets().forEach(target -> wakeUps.at(target.id(), Optional.of(clock.instant())));
        timers.onChange(this::wake);
        running = true;
        thread = Thread.ofPlatform().name("control-loop").daemon().start(this::run);
    }

    synchronized void stop() throws InterruptedException {
        running = false;
        if (thread != null) {
            thread.interrupt();
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

    private void turnClock(Duration by) {
        Instant end = clock.instant().plus(by);
        Optional<Instant> next = next();
        while (next.isPresent() && !next.get().isAfter(end)) {
            clock.jumpTo(next.get());
            process(List.of());
            Optional<Instant> following = next();
            if (following.equals(next)) {
                break; // the write failed; its retry is not worth turning in circles
            }
            next = following;
        }
        clock.jumpTo(end);
        process(List.of());
    }

    private void process(List<Item<?>> items) {
        Instant now = clock.instant();
        for (Runnable task : timers.due(now)) {
            task.run();
        }
        Batch batch = new Batch(published);
        List<Runnable> answers = new ArrayList<>();
        for (Item<?> item : items) {
            decide(item, batch, now, answers);
        }
        batch.touched.addAll(wakeUps.due(now));
        Map<TargetId, Optional<Instant>> wakes = new LinkedHashMap<>();
        for (TargetId target : batch.touched) {
            Decision<Optional<Instant>> decision = Reconciler.reconcile(batch.state, target, now);
            batch.state = decision.state();
            batch.changes.addAll(decision.changes());
            batch.events.addAll(decision.events());
            wakes.put(target, decision.reply());
        }
        if (!batch.changes.isEmpty()) {
            try {
                store.commit(batch.changes);
            } catch (RuntimeException e) {
                if (items.size() > 1) {
                    // One command's trouble must not be its neighbours'.
                    items.forEach(item -> process(List.of(item)));
                    return;
                }
                LOG.error("{} changes could not be written; nothing of them holds", batch.changes.size(), e);
                items.forEach(item -> item.answer.completeExceptionally(e));
                batch.touched.forEach(target -> wakeUps.at(target, Optional.of(now.plusSeconds(1))));
                return;
            }
        }
        published = batch.state;
        wakes.forEach(wakeUps::at);
        answers.forEach(Runnable::run);
        events.publish(batch.events, now);
        dispatch(batch.touched);
    }

    private <R> void decide(Item<R> item, Batch batch, Instant now, List<Runnable> answers) {
        @SuppressWarnings("unchecked") // submit() queued it with its own reply type
        Command<R> command = (Command<R>) item.what;
        try {
            Decision<R> decision = engine.decide(batch.state, command, now);
            batch.state = decision.state();
            batch.changes.addAll(decision.changes());
            batch.events.addAll(decision.events());
            batch.touched.addAll(decision.touched());
            answers.add(() -> item.answer.complete(decision.reply()));
        } catch (RuntimeException e) {
            if (!(e instanceof Refusal)) {
                LOG.error("the engine met a bug deciding {}", command.getClass().getSimpleName(), e);
            }
            answers.add(() -> item.answer.completeExceptionally(e));
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

        Batch(State state) {
            this.state = state;
        }
    }
}
