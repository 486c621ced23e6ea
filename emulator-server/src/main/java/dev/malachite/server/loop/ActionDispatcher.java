package dev.malachite.server.loop;

import dev.malachite.engine.Action;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.disk.DiskFull;
import dev.malachite.server.web.AzureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is being done in line with what is wanted. An action is begun once for as long as it stays wanted; actions
 * of one node, or one machine, take turns; one that fails for reasons that may pass is tried again while it is still wanted.
 */
final class ActionDispatcher {

    /** The scope of actions that belong to no target. */
    static final Object IMAGES = "images";

    private static final Logger LOG = LoggerFactory.getLogger(ActionDispatcher.class);
    private static final int AT_ONCE = 64;
    private static final int BUILDS_AT_ONCE = 4;

    /** So many played actions share a thread, which costs more than one of them does; what they read is gathered over threads. */
    private static final int PLAYED_TOGETHER = 16;

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Semaphore slots = new Semaphore(AT_ONCE);

    /** Builds take minutes; they must not keep nodes waiting. */
    private final Semaphore builds = new Semaphore(BUILDS_AT_ONCE);

    private final Executor retries = CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS);
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Set<Action>> wanted = new HashMap<>();
    private final Set<Action> begun = new HashSet<>();
    private final Map<Object, ReentrantLock> turns = new HashMap<>();
    private final Hands hands;

    /** Numbers of what has begun and not ended. */
    private final TreeSet<Long> underWay = new TreeSet<>();

    /** What waits for another try, by the number of its waiting. */
    private final TreeMap<Long, Waiting> waiting = new TreeMap<>();

    private long waits;
    private long count;
    private volatile boolean stopped;
    private volatile Runnable onEnd = () -> {};

    private record Waiting(Object scope, Action action) {}

    /** Carries out one action; false asks for another try. */
    interface Hands {

        /**
         * Carries it out.
         *
         * @param done called just before it is told that an image or the end of a node has been seen to: these may be wanted
         *     again at once
         */
        boolean carryOut(Action action, Runnable done) throws InterruptedException;
    }

    ActionDispatcher(Hands hands) {
        this.hands = hands;
    }

    /** Says whom to tell when an action has ended. */
    void onEnd(Runnable ended) {
        onEnd = ended;
    }

    /** Nothing is begun any more, nor tried again; what is under way goes on, and is wanted again after the next start. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            wanted.clear();
        } finally {
            lock.unlock();
        }
    }

    /** The number of the last action that has begun. */
    long begunSoFar() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Whether none is under way that began after that number; one that waits for another try is not. */
    boolean endedSince(long number) {
        lock.lock();
        try {
            return underWay.higher(number) == null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is under way, nor waits for another try. */
    boolean idle() {
        lock.lock();
        try {
            return underWay.isEmpty() && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** From now on exactly these are wanted of {@code scope}. */
    void want(Object scope, List<Action> actions) {
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            Set<Action> now = new HashSet<>(actions);
            Set<Action> before = now.isEmpty() ? wanted.remove(scope) : wanted.put(scope, now);
            if (before != null) {
                before.stream().filter(action -> !now.contains(action)).forEach(begun::remove);
            }
            List<Action> together = new ArrayList<>();
            for (Action action : actions) {
                if (!begun.add(action)) {
                    continue;
                }
                if (!isPlayed(action)) {
                    begin(scope, List.of(action));
                } else if (together.add(action) && together.size() == PLAYED_TOGETHER) {
                    begin(scope, List.copyOf(together));
                    together.clear();
                }
            }
            if (!together.isEmpty()) {
                begin(scope, together);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether it takes microseconds and waits for nothing. */
    private static boolean isPlayed(Action action) {
        return action instanceof Action.OnNode onNode && onNode.runtime() == RuntimeKind.SIMULATED;
    }

    /** Under the lock; one after the other. */
    private void begin(Object scope, List<Action> actions) {
        long number = ++count;
        underWay.add(number);
        Thread.ofVirtual().name("action").start(() -> {
            try {
                for (Action action : actions) {
                    perform(scope, action);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                ended(number);
            }
        });
    }

    private void ended(long number) {
        lock.lock();
        try {
            underWay.remove(number);
        } finally {
            lock.unlock();
        }
        onEnd.run();
    }

    private void perform(Object scope, Action action) throws InterruptedException {
        ReentrantLock turn = turn(action);
        turn.lockInterruptibly();
        try {
            Semaphore slot = action instanceof Action.PrepareImage ? builds : slots;
            slot.acquire();
            try {
                if (isWanted(scope, action) && !done(action)) {
                    retryLater(scope, action);
                }
            } finally {
                slot.release();
            }
        } finally {
            turn.unlock();
        }
    }

    private boolean done(Action action) throws InterruptedException {
        try {
            return hands.carryOut(action, () -> mayBeginAnew(action));
        } catch (AzureException | DiskFull e) {
            LOG.warn("{} will be tried again: {}", action, e.getMessage());
            return false;
        } catch (RuntimeException | Error e) {
            if (!stopped) { // at the very end, the database goes first
                LOG.error("{} met a bug", action, e);
            }
            return false;
        }
    }

    /**
     * What is told now may make the same action wanted anew, in the very batch that takes it in: it must not be taken for
     * the one that has just been done.
     */
    private void mayBeginAnew(Action action) {
        lock.lock();
        try {
            begun.remove(action);
        } finally {
            lock.unlock();
        }
    }

    private void retryLater(Object scope, Action action) {
        long number;
        lock.lock();
        try {
            number = ++waits;
            waiting.put(number, new Waiting(scope, action));
        } finally {
            lock.unlock();
        }
        retries.execute(() -> retry(number));
    }

    /** What waits for another try has it at once: what it failed for may be over. */
    void tryAgain() {
        List<Long> numbers;
        lock.lock();
        try {
            numbers = List.copyOf(waiting.keySet());
        } finally {
            lock.unlock();
        }
        numbers.forEach(this::retry);
    }

    private void retry(long number) {
        lock.lock();
        try {
            Waiting again = waiting.remove(number);
            if (again == null) {
                return; // it has had its try
            }
            if (isWanted(again.scope(), again.action())) {
                begin(again.scope(), List.of(again.action()));
                return;
            }
        } finally {
            lock.unlock();
        }
        onEnd.run();
    }

    private boolean isWanted(Object scope, Action action) {
        lock.lock();
        try {
            Set<Action> now = wanted.get(scope);
            return now != null && now.contains(action);
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock turn(Action action) {
        Object subject = switch (action) {
            case Action.OnNode onNode -> onNode.node();
            // A script may take an hour; who stops or removes the machine ends it.
            case Action.RunSetup _ -> null;
            case Action.OnMachine onMachine -> onMachine.target();
            case Action.PrepareImage _, Action.SubmitChild _, Action.FinishParent _, Action.CloseTarget _ -> null;
        };
        if (subject == null) {
            return new ReentrantLock();
        }
        lock.lock();
        try {
            ReentrantLock turn = turns.computeIfAbsent(subject, any -> new ReentrantLock(true));
            if (action instanceof Action.CloseNode || action instanceof Action.RemoveMachine) {
                turns.remove(subject); // nothing follows it
            }
            return turn;
        } finally {
            lock.unlock();
        }
    }
}
