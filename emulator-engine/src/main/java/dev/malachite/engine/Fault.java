package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A failure that somebody asked for.
 *
 * @param sequence order of their coming; earlier ones strike first
 * @param since from then on it strikes: what went before does not count
 * @param begins when it is to begin; empty once it has
 * @param ends when it undoes itself; empty for one that is there until it is undone
 * @param target the only one that it strikes; empty for all
 * @param met how many jobs a rule of eviction has given a number; empty for none
 * @param timesLeft how often it will strike, 0 or more; empty for without end; 0 for one that has struck as often as it was to,
 *     and is there until what it did is undone
 */
public record Fault(
        FaultId id,
        long sequence,
        Instant since,
        Optional<Instant> begins,
        Optional<Instant> ends,
        Optional<TargetId> target,
        Optional<Integer> timesLeft,
        Optional<Integer> met,
        Effect effect) {

    /** What it does. */
    public sealed interface Effect {}

    /**
     * Takes running low-priority nodes away by a rule that a seed makes repeatable.
     *
     * @param notice between the moment when the node can know and SIGTERM
     * @param retry whether its job is queued again; otherwise it fails
     */
    public record Evictions(Rule rule, long seed, Duration notice, boolean retry) implements Effect {}

    /** When an attempt is hit, counted from its start, or from the fault's if that is later. */
    public sealed interface Rule {}

    /** After an exponentially distributed time, as machines with no memory fail. */
    public record MeanTime(Duration mean) implements Rule {}

    /**
     * Some attempts, at a fixed time.
     *
     * @param share of all attempts, from 0 to 1
     */
    public record Fraction(double share, Duration after) implements Rule {}

    /** New nodes are prepared for so long, at least. */
    public record SlowProvisioning(Duration duration) implements Effect {}

    /**
     * New nodes cannot be had.
     *
     * @param code Azure's word
     */
    public record AllocationFailure(String code, String message) implements Effect {}

    /** Nodes become unusable as soon as they are ready, and are repaired when the fault is undone. */
    public record NodeUnusable(String message) implements Effect {}

    /** The target is in failed state: it stays as it is, and takes no more jobs, until the fault is undone. */
    public record FailedState() implements Effect {}

    /**
     * Strikes outside of the engine: requests, images, runtimes, the disk.
     *
     * @param document JSON; the engine does not look into it
     */
    public record Outside(String document) implements Effect {}

    /** Whether somebody wants the target to be in failed state. */
    public static boolean hasFailed(State state, TargetId target) {
        return state.faults().stream()
                .anyMatch(fault -> fault.effect() instanceof FailedState && fault.strikes(target));
    }

    /** Whether it has begun: one that is only to come strikes nothing yet. */
    public boolean inForce() {
        return begins.isEmpty();
    }

    /** When it next begins or ends by itself. */
    public Optional<Instant> due() {
        return begins.or(() -> ends);
    }

    /** Whether it has struck as often as it was to. */
    boolean spent() {
        return timesLeft.equals(Optional.of(0));
    }

    Fault begun() {
        return new Fault(id, sequence, since, Optional.empty(), ends, target, timesLeft, met, effect);
    }

    Fault left(int times) {
        return new Fault(id, sequence, since, begins, ends, target, Optional.of(times), met, effect);
    }

    Fault met(int jobs) {
        return new Fault(id, sequence, since, begins, ends, target, timesLeft, Optional.of(jobs), effect);
    }

    boolean strikes(TargetId candidate) {
        return inForce() && isFor(candidate);
    }

    /** Whether the target is one of those that it strikes when its time has come. */
    boolean isFor(TargetId candidate) {
        return target.isEmpty() || target.get().equals(candidate);
    }
}
