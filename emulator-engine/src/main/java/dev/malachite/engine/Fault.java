package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A failure that somebody asked for.
 *
 * @param sequence order of their coming; earlier ones strike first
 * @param since from then on it strikes: what went before does not count
 * @param target the only one that it strikes; empty for all
 * @param timesLeft how often it will strike, 1 or more; empty for without end
 */
public record Fault(
        FaultId id,
        long sequence,
        Instant since,
        Optional<TargetId> target,
        Optional<Integer> timesLeft,
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

    boolean strikes(TargetId candidate) {
        return target.isEmpty() || target.get().equals(candidate);
    }
}
