package dev.malachite.server.loop;

import dev.malachite.server.loop.ControlLoop.ClockWork;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the loop is asked, in the order in which it was asked. Anybody adds; only the loop's thread takes. */
final class Inbox {

    private static final int MOST = 512;

    /** During a turn of the clock nobody waits for the first of a batch, and a commit costs much the same for any number. */
    private static final int MOST_OF_A_TURN = 4096;

    /** How long a batch of a turn waits for the next item while there are more to come, and how long for all of them. */
    private static final Duration NEXT_ITEM = Duration.ofMillis(1);

    private static final Duration ALL_ITEMS = Duration.ofMillis(20);

    private final BlockingQueue<Item<?>> queue = new LinkedBlockingQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    /** What was taken from the queue and not given out yet, in order: a turn of the clock, and what came behind it. */
    private final Deque<Item<?>> held = new ArrayDeque<>();

    /** A command or a {@link ClockWork}, and who waits for what comes of it. */
    record Item<R>(Object what, CompletableFuture<R> answer) {}

    /** Makes the loop look at its timers anew. */
    private enum Wake {
        UP
    }

    <R> CompletableFuture<R> add(Object what) {
        Item<R> item = new Item<>(what, new CompletableFuture<>());
        queue.add(item);
        return item.answer;
    }

    /** Has whoever waits for items go on without one. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            queue.add(new Item<>(Wake.UP, new CompletableFuture<>()));
        }
    }

    /** Whether nobody waits for a command, to be asked by the loop's thread; turns of the clock come one after the other. */
    boolean isEmpty() {
        return queue.isEmpty() && held.stream().allMatch(item -> item.what instanceof ClockWork);
    }

    /**
     * One {@link ClockWork}, or commands up to the next one: what is there, or comes within {@code wait}; empty when
     * nothing does, or when the loop was woken. What stands behind a turn of the clock may be part of what the turn waits
     * for, so it is not taken out with it.
     */
    List<Item<?>> take(Duration wait) throws InterruptedException {
        if (held.isEmpty()) {
            add(held, queue.poll(wait.toNanos(), TimeUnit.NANOSECONDS));
        }
        queue.drainTo(held, Math.max(0, MOST - held.size()));
        awake(held);
        if (turnIsNext()) {
            return List.of(held.remove());
        }
        List<Item<?>> commands = new ArrayList<>();
        while (!held.isEmpty() && !turnIsNext()) {
            commands.add(held.remove());
        }
        return commands;
    }

    private boolean turnIsNext() {
        Item<?> next = held.peek();
        return next != null && next.what instanceof ClockWork;
    }

    /**
     * The commands that are there, or come within {@code wait}, and those that follow within a moment.
     *
     * @param more whether some are to be expected
     */
    List<Item<?>> takeOfATurn(Duration wait, BooleanSupplier more) throws InterruptedException {
        List<Item<?>> taken = new ArrayList<>(held);
        held.clear();
        boolean came = taken.stream().anyMatch(item -> !(item.what instanceof ClockWork))
                || add(taken, queue.poll(wait.toNanos(), TimeUnit.NANOSECONDS));
        long end = System.nanoTime() + ALL_ITEMS.toNanos();
        while (came && taken.size() < MOST_OF_A_TURN) {
            queue.drainTo(taken, MOST_OF_A_TURN - taken.size());
            came = more.getAsBoolean()
                    && System.nanoTime() < end
                    && add(taken, queue.poll(NEXT_ITEM.toNanos(), TimeUnit.NANOSECONDS));
        }
        awake(taken);
        List<Item<?>> commands = new ArrayList<>();
        for (Item<?> item : taken) {
            (item.what instanceof ClockWork ? held : commands).add(item);
        }
        return commands;
    }

    private static boolean add(Collection<Item<?>> to, @Nullable Item<?> item) {
        return item != null && to.add(item);
    }

    /** Whatever becomes of the others, the next one must be able to wake the loop. */
    private void awake(Collection<Item<?>> taken) {
        if (taken.removeIf(item -> item.what == Wake.UP)) {
            woken.set(false);
        }
    }
}
