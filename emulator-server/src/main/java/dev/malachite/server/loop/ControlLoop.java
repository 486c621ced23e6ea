package dev.malachite.server.loop;

import dev.malachite.engine.Action;
import dev.malachite.engine.Change;
import dev.malachite.engine.Command;
import dev.malachite.engine.Decision;
import dev.malachite.engine.Done;
import dev.malachite.engine.Engine;
import dev.malachite.engine.Event;
import dev.malachite.engine.JobId;
import dev.malachite.engine.Parent;
import dev.malachite.engine.Planner;
import dev.malachite.engine.Reconciler;
import dev.malachite.engine.Refusal;
import dev.malachite.engine.State;
import dev.malachite.engine.TargetId;
import dev.malachite.server.disk.DiskFull;
import dev.malachite.server.disk.DiskSpace;
import dev.malachite.server.event.EventLog;
import dev.malachite.server.event.Told;
import dev.malachite.server.fault.OutsideFault;
import dev.malachite.server.fault.OutsideFaults;
import dev.malachite.server.loop.Inbox.Item;
import dev.malachite.server.store.EngineStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    private static final Duration AFTER_A_FAILED_WRITE = Duration.ofSeconds(1);

    private static final Duration AFTER_A_BUG = Duration.ofMinutes(5);

    private final Engine engine = new Engine();
    private final Inbox inbox = new Inbox();
    private final EngineStore store;
    private final EmulatorClock clock;
    private final EventLog events;
    private final Agenda agenda;
    private final ClockTurner turner;
    private final DiskSpace disk;
    private final OutsideFaults faults;
    private volatile State published = State.empty();
    private volatile boolean running;
    private @Nullable ActionDispatcher dispatcher;
    private @Nullable Thread thread;

    ControlLoop(
            EngineStore store,
            EmulatorClock clock,
            EventLog events,
            ClockTimers timers,
            Activity activity,
            DiskSpace disk,
            OutsideFaults faults) {
        this.disk = disk;
        this.faults = faults;
        this.agenda = new Agenda(timers);
        this.turner = new ClockTurner(clock, activity, new Turns());
        activity.onQuiet(this::ended);
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
        return inbox.add(command);
    }

    /** Queues what was seen. */
    public void observe(Command.Observation seen) {
        var _ = tell(seen);
    }

    /**
     * Queues what was seen. A write that fails (a full disk) must not lose it: it is told again until it is written.
     *
     * @return ends when it is on disk, or the first try to write it has failed
     */
    public CompletableFuture<Done> tell(Command.Observation seen) {
        return submit(seen).exceptionally(failure -> {
            if (!(failure instanceof Undecided)) {
                later(AFTER_A_FAILED_WRITE, () -> observe(seen));
            }
            return Done.DONE;
        });
    }

    private static void later(Duration wait, Runnable task) {
        CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS)
                .execute(task);
    }

    /** Has the clock turned or set on the loop's thread, between the commands before and after. */
    CompletableFuture<Done> turn(ClockWork work) {
        return inbox.add(work);
    }

    /** Something that is done to the clock. */
    interface ClockWork {
        void with(EmulatorClock clock, ClockTurner turner) throws InterruptedException;
    }

    /** The time of the next timer. */
    Optional<Instant> next() {
        return agenda.next();
    }

    /** Reads the last state, so that it can be seen before anything is done. */
    void load() {
        store.keptClock().ifPresent(clock::restore);
        clock.unkept().ifPresent(store::keepClock);
        clock.kept();
        publish(store.load());
    }

    /** Begins; {@code hands} carries out what is planned. */
    synchronized void start(ActionDispatcher hands) {
        dispatcher = hands;
        hands.onEnd(this::ended);
        // Every target is looked at once: what was wanted before the end is wanted again.
        published.targets().forEach(target -> agenda.target(target.id(), Optional.of(clock.instant())));
        published.parents().forEach(parent -> dispatch(hands, parent.id()));
        published.faults().forEach(fault -> agenda.fault(fault.id(), fault.due()));
        agenda.onTimer(inbox::wake);
        observe(new Command.EmulatorStarted());
        running = true;
        thread = Thread.ofPlatform().name("control-loop").daemon().start(this::run);
    }

    /** Lets the batch that is being written end: an interrupt would close the database's file under everybody. */
    synchronized void stop() throws InterruptedException {
        running = false;
        inbox.wake();
        if (thread != null) {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        }
        if (dispatcher != null) {
            dispatcher.stop();
        }
    }

    private void run() {
        while (running) {
            try {
                List<Item<?>> batch = inbox.take(turner.sleep());
                if (batch.isEmpty()) {
                    turner.jump();
                }
                serve(batch);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.error("the control loop met a bug and goes on", e);
            }
        }
    }

    /** Turns of the clock take effect between the commands before and after them. */
    private void serve(List<Item<?>> batch) throws InterruptedException {
        if (!batch.isEmpty() && batch.getFirst().what() instanceof ClockWork work) {
            setClock(work, batch.getFirst().answer());
        } else {
            process(batch);
        }
    }

    private ActionDispatcher hands() {
        return Objects.requireNonNull(dispatcher, "the loop has not begun");
    }

    private void setClock(ClockWork work, CompletableFuture<?> asked) throws InterruptedException {
        @SuppressWarnings("unchecked") // only turn() queues work on the clock
        CompletableFuture<Done> answer = (CompletableFuture<Done>) asked;
        try {
            work.with(clock, turner);
            store.keepClock(clock.keep());
            clock.kept();
            answer.complete(Done.DONE);
        } catch (ClockTurner.CutShort e) {
            answer.completeExceptionally(e);
        } catch (RuntimeException e) {
            LOG.error("the clock could not be set", e);
            answer.completeExceptionally(e);
        }
    }

    /** Whether all went well; what went wrong has been told to those who asked, and holds nobody else up. */
    private boolean process(List<Item<?>> items) {
        Instant now = clock.instant();
        agenda.runTimers(now);
        agenda.observations(now).forEach(this::observe);
        List<TargetId> due = agenda.targets(now);
        State before = published;
        Batch batch = new Batch(before);
        try {
            for (Item<?> item : items) {
                decide(item, batch, now);
            }
            batch.touched.addAll(due);
            List.copyOf(batch.touched).forEach(target -> reconcile(target, batch, now));
            if (!batch.changes.isEmpty()) {
                if (items.stream().anyMatch(ControlLoop::needsRoom)) {
                    disk.requirePlayed();
                }
                CrashPoint.BEFORE_COMMIT.reached();
                CrashPoint.DURING_COMMIT.reached();
                store.commit(batch.changes, clock.unkept());
                CrashPoint.AFTER_COMMIT.reached();
                clock.kept();
            }
        } catch (RuntimeException e) {
            if (items.size() > 1 || (!items.isEmpty() && !due.isEmpty())) {
                due.forEach(target -> agenda.target(target, Optional.of(now)));
                // One command's trouble must not be its neighbours', nor that of targets whose time has come.
                boolean written = process(List.of());
                for (Item<?> item : items) {
                    written &= process(List.of(item));
                }
                return written;
            }
            items.forEach(item -> item.answer().completeExceptionally(e));
            if (e instanceof DiskFull full) {
                LOG.warn("{} changes were not written: {}", batch.changes.size(), full.reason());
                return true; // a wish was refused, and nothing else has waited for it
            }
            LOG.error("{} changes could not be written; nothing of them holds", batch.changes.size(), e);
            batch.touched.forEach(target -> lookAgain(target, AFTER_A_FAILED_WRITE));
            return false;
        }
        publish(batch.state);
        batch.wakes.forEach(agenda::target);
        batch.changes.forEach(this::follow);
        try {
            // First what takes time: who is answered goes on at once, and takes the processor from it.
            dispatch(batch.touched, Change.parents(batch.changes));
        } finally {
            batch.answers.forEach(Runnable::run);
        }
        CrashPoint.AFTER_REPLY.reached();
        tell(items, batch, before, now);
        return true;
    }

    /** Commands that changed nothing are told too; a look that changed nothing is not. */
    private void tell(List<Item<?>> items, Batch batch, State before, Instant now) {
        if (!items.isEmpty() || !batch.changes.isEmpty() || !batch.events.isEmpty()) {
            List<Command<?>> commands = new ArrayList<>(items.size());
            items.forEach(item -> commands.add((Command<?>) item.what()));
            events.publish(new Told(now, commands, List.copyOf(batch.touched), batch.events, before));
        }
    }

    /** A command that the engine failed at: another try would fail as well. */
    private static final class Undecided extends RuntimeException {

        private static final long serialVersionUID = 1;

        Undecided(RuntimeException bug) {
            super(bug);
        }
    }

    /**
     * On a full disk what was seen, and what follows of it, is written with what is left for that; wishes are refused, but for
     * those about faults, or a disk that is only played to be full could not be emptied again.
     */
    private static boolean needsRoom(Item<?> item) {
        return switch (item.what()) {
            case Command.AddFault _, Command.RemoveFault _, Command.ClearFaults _, Command.StrikeFault _ -> false;
            case Command.Wish<?> _ -> true;
            default -> false;
        };
    }

    private void publish(State state) {
        published = state;
        disk.play(!faults.of(state, OutsideFault.DiskFull.class).isEmpty());
    }

    /** Sets the timers of faults; what waited for one that is gone need not wait for its next try. */
    private void follow(Change change) {
        if (change instanceof Change.FaultPut put) {
            agenda.fault(put.fault().id(), put.fault().due());
        } else if (change instanceof Change.FaultRemoved removed) {
            agenda.fault(removed.fault(), Optional.empty());
            hands().tryAgain();
        }
    }

    /** One target's bug is only that target's: it is left as it is and looked at again later. */
    private void reconcile(TargetId target, Batch batch, Instant now) {
        try {
            Decision<Optional<Instant>> decision = Reconciler.reconcile(batch.state, target, now);
            batch.take(decision);
            batch.wakes.put(target, decision.reply());
            for (TargetId other : decision.touched()) {
                // A job that ends here may stop its siblings elsewhere: these targets have something to do, too.
                if (!other.equals(target)) {
                    batch.touched.add(other);
                    batch.wakes.put(other, Optional.of(now));
                }
            }
        } catch (RuntimeException e) {
            LOG.error("reconciling {} met a bug", target, e);
            lookAgain(target, AFTER_A_BUG);
        }
    }

    private void lookAgain(TargetId target, Duration wait) {
        later(wait, () -> {
            agenda.target(target, Optional.of(clock.instant()));
            inbox.wake();
        });
    }

    private <R> void decide(Item<R> item, Batch batch, Instant now) {
        @SuppressWarnings("unchecked") // submit() queued it with its own reply type
        Command<R> command = (Command<R>) item.what();
        try {
            Decision<R> decision = engine.decide(batch.state, command, now);
            batch.take(decision);
            batch.touched.addAll(decision.touched());
            batch.answers.add(() -> item.answer().complete(decision.reply()));
        } catch (RuntimeException e) {
            if (!(e instanceof Refusal)) {
                LOG.error("the engine met a bug deciding {}", command.getClass().getSimpleName(), e);
            }
            RuntimeException answer = e instanceof Refusal ? e : new Undecided(e);
            batch.answers.add(() -> item.answer().completeExceptionally(answer));
        }
    }

    private void dispatch(Set<TargetId> touched, Set<JobId> parents) {
        ActionDispatcher hands = dispatcher;
        if (hands == null) {
            return;
        }
        for (TargetId target : touched) {
            hands.want(target, Planner.plan(published, target));
        }
        parents.forEach(parent -> dispatch(hands, parent));
        List<Action> images = Planner.planImages(published);
        hands.want(ActionDispatcher.IMAGES, images);
    }

    private void dispatch(ActionDispatcher hands, JobId parent) {
        hands.want(parent, Planner.plan(published, parent));
        agenda.parent(parent, published.parent(parent).flatMap(Parent::deadline));
    }

    /** Something that a turn of the clock may wait for has ended. */
    private void ended() {
        if (turner.watches()) {
            inbox.wake();
        }
    }

    /** What a turn of the clock sees of the loop. */
    private final class Turns implements ClockTurner.Loop {

        @Override
        public State state() {
            return published;
        }

        @Override
        public ActionDispatcher hands() {
            return ControlLoop.this.hands();
        }

        @Override
        public Optional<Instant> next() {
            return ControlLoop.this.next();
        }

        @Override
        public boolean pressing() {
            return agenda.presses() || somebodyWaitsForAFaultsEnd();
        }

        private boolean somebodyWaitsForAFaultsEnd() {
            boolean waits = !published.jobs().isEmpty() || !published.parents().isEmpty();
            return waits
                    && published.faults().stream()
                            .anyMatch(fault -> fault.inForce() && fault.ends().isPresent());
        }

        @Override
        public boolean held() {
            return ends(OutsideFault.EngineAway.class) || ends(OutsideFault.DiskFull.class);
        }

        private boolean ends(Class<? extends OutsideFault> kind) {
            return faults.of(published, kind).stream()
                    .anyMatch(active -> active.record().ends().isPresent());
        }

        @Override
        public boolean served() {
            return inbox.isEmpty();
        }

        @Override
        public boolean step(Duration wait) throws InterruptedException {
            return process(inbox.takeOfATurn(wait, () -> !hands().idle()));
        }

        @Override
        public boolean running() {
            return running;
        }
    }

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
