package dev.malachite.server.loop;

import dev.malachite.engine.Action;
import dev.malachite.engine.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is being done in line with what is wanted. An action is begun once for as long as it stays wanted; actions
 * of one node take turns; one that fails for reasons that may pass is tried again while it is still wanted.
 */
final class ActionDispatcher {

    /** The scope of actions that belong to no target. */
    static final Object IMAGES = "images";

    private static final Logger LOG = LoggerFactory.getLogger(ActionDispatcher.class);
    private static final int AT_ONCE = 64;
    private static final int BUILDS_AT_ONCE = 4;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Semaphore slots = new Semaphore(AT_ONCE);

    /** Builds take minutes; they must not keep nodes waiting. */
    private final Semaphore builds = new Semaphore(BUILDS_AT_ONCE);

    private final Executor retries = CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS);
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, Set<Action>> wanted = new HashMap<>();
    private final Set<Action> begun = new HashSet<>();
    private final Map<NodeId, ReentrantLock> turns = new HashMap<>();
    private final Hands hands;

    /** Carries out one action; false asks for another try. */
    interface Hands {
        boolean carryOut(Action action) throws InterruptedException;
    }

    ActionDispatcher(Hands hands) {
        this.hands = hands;
    }

    /** From now on exactly these are wanted of {@code scope}. */
    void want(Object scope, List<Action> actions) {
        lock.lock();
        try {
            Set<Action> now = new HashSet<>(actions);
            Set<Action> before = now.isEmpty() ? wanted.remove(scope) : wanted.put(scope, now);
            if (before != null) {
                before.stream().filter(action -> !now.contains(action)).forEach(begun::remove);
            }
            for (Action action : actions) {
                if (begun.add(action)) {
                    begin(scope, action);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void begin(Object scope, Action action) {
        Thread.ofVirtual().name("action").start(() -> {
            try {
                perform(scope, action);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void perform(Object scope, Action action) throws InterruptedException {
        ReentrantLock turn = turn(action);
        turn.lockInterruptibly();
        try {
            Semaphore slot = action instanceof Action.PrepareImage ? builds : slots;
            slot.acquire();
            try {
                if (isWanted(scope, action) && !done(action)) {
                    retries.execute(() -> retry(scope, action));
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
            return hands.carryOut(action);
        } catch (RuntimeException | Error e) {
            LOG.error("{} met a bug", action, e);
            return false;
        }
    }

    private void retry(Object scope, Action action) {
        if (isWanted(scope, action)) {
            begin(scope, action);
        }
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
        if (!(action instanceof Action.OnNode onNode)) {
            return new ReentrantLock();
        }
        lock.lock();
        try {
            ReentrantLock turn = turns.computeIfAbsent(onNode.node(), any -> new ReentrantLock(true));
            if (action instanceof Action.CloseNode || action instanceof Action.Evict) {
                turns.remove(onNode.node()); // nothing follows it
            }
            return turn;
        } finally {
            lock.unlock();
        }
    }
}
