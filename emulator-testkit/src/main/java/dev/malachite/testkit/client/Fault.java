package dev.malachite.testkit.client;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure that strikes by a rule until it is undone. Each kind has a constructor or factory for what it must have, and
 * methods that answer with a narrower copy:
 *
 * <pre>{@code
 * client.faults().add(Fault.Eviction.ofFraction("gpu", 0.3, Duration.ofMinutes(5)).seed(7));
 * client.faults().add(new Fault.Throttle(Requests.to("*}{@code /computes/*")).times(2));
 * }</pre>
 *
 * <p>Where a kind has them, {@code times} says how often it strikes (null: without end), {@code target} names a compute target,
 * and {@code workspace} its workspace where two have a target of that name (null: any). {@link FailedState}, {@link EngineAway}
 * and {@link DiskFull} strike all the time, and {@link #times(int)} of them is refused.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Fault.Eviction.class, name = "eviction"),
    @JsonSubTypes.Type(value = Fault.SlowProvisioning.class, name = "slowProvisioning"),
    @JsonSubTypes.Type(value = Fault.AllocationFailure.class, name = "allocationFailure"),
    @JsonSubTypes.Type(value = Fault.NodeUnusable.class, name = "nodeUnusable"),
    @JsonSubTypes.Type(value = Fault.FailedState.class, name = "failedState"),
    @JsonSubTypes.Type(value = Fault.ImageFailure.class, name = "imageFailure"),
    @JsonSubTypes.Type(value = Fault.EngineAway.class, name = "engineAway"),
    @JsonSubTypes.Type(value = Fault.DiskFull.class, name = "diskFull"),
    @JsonSubTypes.Type(value = Fault.Throttle.class, name = "throttle"),
    @JsonSubTypes.Type(value = Fault.Latency.class, name = "latency"),
    @JsonSubTypes.Type(value = Fault.Drop.class, name = "drop"),
    @JsonSubTypes.Type(value = Fault.ErrorAnswer.class, name = "error")
})
public sealed interface Fault {

    /** How often it strikes; null: without end. */
    @Nullable
    Integer times();

    /** The same, striking so often at most. */
    Fault times(int most);

    /** The same, beginning so long after it was asked for, on the emulator's clock. */
    default Timed beginning(Duration after) {
        return new Timed(this, after, null);
    }

    /** The same, undoing itself when it has been there for so long on the emulator's clock. */
    default Timed lasting(Duration time) {
        return new Timed(this, null, time);
    }

    /**
     * A fault that begins or ends by itself. The emulator lists it as {@code fault}.
     *
     * @param begins how long after it was asked for; null: at once
     * @param lasts how long it is there; null: until it is undone
     */
    record Timed(
            Fault fault,
            @Nullable Duration begins,
            @Nullable Duration lasts) implements Fault {

        @Override
        public @Nullable Integer times() {
            return fault.times();
        }

        @Override
        public Timed times(int most) {
            return new Timed(fault.times(most), begins, lasts);
        }

        @Override
        public Timed beginning(Duration after) {
            return new Timed(fault, after, lasts);
        }

        @Override
        public Timed lasting(Duration time) {
            return new Timed(fault, begins, time);
        }
    }

    /**
     * Evicts running low-priority nodes of a target by a seeded rule: exactly one of {@code meanTime}, {@code ratePerHour}
     * and {@code fraction} is given. All times pass on the emulator's clock.
     *
     * @param meanTime mean of the exponentially distributed time until an eviction
     * @param ratePerHour the same as evictions per node and hour
     * @param fraction the share of attempts that is evicted, 0 to 1
     * @param after how long after its start such an attempt is evicted
     * @param seed makes it repeatable; null: that of the scenario, or one of the emulator's own
     * @param notice between the notice and SIGTERM; null: 30 s
     * @param retry whether the job is tried again, as its next attempt, or fails with {@code PreemptionError}; null: as the
     *     emulator is set up, which is to try again
     */
    record Eviction(
            String target,
            @Nullable String workspace,
            @Nullable Duration meanTime,
            @Nullable Double ratePerHour,
            @Nullable Double fraction,
            @Nullable Duration after,
            @Nullable Long seed,
            @Nullable Duration notice,
            @Nullable Boolean retry,
            @Nullable Integer times)
            implements Fault {

        public Eviction {
            Objects.requireNonNull(target, "target");
        }

        /** Evicts each node after a random time with that mean. */
        public static Eviction byMeanTime(String target, Duration mean) {
            return new Eviction(target, null, mean, null, null, null, null, null, null, null);
        }

        /** Evicts each node so many times an hour in the mean. */
        public static Eviction byRate(String target, double perHour) {
            return new Eviction(target, null, null, perHour, null, null, null, null, null, null);
        }

        /** Evicts that share of attempts, so long after their start. */
        public static Eviction ofFraction(String target, double fraction, Duration after) {
            return new Eviction(target, null, null, null, fraction, after, null, null, null, null);
        }

        /** The same, of the target in this workspace. */
        public Eviction in(String name) {
            return new Eviction(target, name, meanTime, ratePerHour, fraction, after, seed, notice, retry, times);
        }

        /** The same, repeatable. */
        public Eviction seed(long from) {
            return new Eviction(target, workspace, meanTime, ratePerHour, fraction, after, from, notice, retry, times);
        }

        /** The same, with another notice. */
        public Eviction notice(Duration before) {
            return new Eviction(target, workspace, meanTime, ratePerHour, fraction, after, seed, before, retry, times);
        }

        /** The same, whose jobs fail instead of being tried again. */
        public Eviction failing() {
            return new Eviction(target, workspace, meanTime, ratePerHour, fraction, after, seed, notice, false, times);
        }

        @Override
        public Eviction times(int most) {
            return new Eviction(target, workspace, meanTime, ratePerHour, fraction, after, seed, notice, retry, most);
        }
    }

    /**
     * New nodes stay in {@code preparing}.
     *
     * @param duration how long, on the emulator's clock
     */
    record SlowProvisioning(
            Duration duration,
            @Nullable String target,
            @Nullable String workspace,
            @Nullable Integer times) implements Fault {

        /** On every target. */
        public SlowProvisioning(Duration duration) {
            this(duration, null, null, null);
        }

        /** The same, on one target. */
        public SlowProvisioning on(String name) {
            return new SlowProvisioning(duration, name, workspace, times);
        }

        /** The same, in this workspace. */
        public SlowProvisioning in(String name) {
            return new SlowProvisioning(duration, target, name, times);
        }

        @Override
        public SlowProvisioning times(int most) {
            return new SlowProvisioning(duration, target, workspace, most);
        }
    }

    /**
     * No new node can be had; the cluster says so in {@code errors}.
     *
     * @param code the service's code; null: the emulator's choice
     * @param message what the cluster says; null: the emulator's choice
     */
    record AllocationFailure(
            @Nullable String target,
            @Nullable String workspace,
            @Nullable String code,
            @Nullable String message,
            @Nullable Integer times)
            implements Fault {

        /** On every target, with the service's usual error. */
        public AllocationFailure() {
            this(null, null, null, null, null);
        }

        /** The same, on one target. */
        public AllocationFailure on(String name) {
            return new AllocationFailure(name, workspace, code, message, times);
        }

        /** The same, in this workspace. */
        public AllocationFailure in(String name) {
            return new AllocationFailure(target, name, code, message, times);
        }

        /** The same, with that error. */
        public AllocationFailure because(String errorCode, String why) {
            return new AllocationFailure(target, workspace, errorCode, why, times);
        }

        @Override
        public AllocationFailure times(int most) {
            return new AllocationFailure(target, workspace, code, message, most);
        }
    }

    /**
     * Nodes are unusable as soon as they are ready, until they are repaired or the fault is undone.
     *
     * @param message why; null: the emulator's choice
     */
    record NodeUnusable(
            @Nullable String message,
            @Nullable String target,
            @Nullable String workspace,
            @Nullable Integer times) implements Fault {

        /** On every target. */
        public NodeUnusable() {
            this(null, null, null, null);
        }

        /** The same, on one target. */
        public NodeUnusable on(String name) {
            return new NodeUnusable(message, name, workspace, times);
        }

        /** The same, in this workspace. */
        public NodeUnusable in(String name) {
            return new NodeUnusable(message, target, name, times);
        }

        /** The same, for that reason. */
        public NodeUnusable because(String why) {
            return new NodeUnusable(why, target, workspace, times);
        }

        @Override
        public NodeUnusable times(int most) {
            return new NodeUnusable(message, target, workspace, most);
        }
    }

    /** A cluster is in failed state, and refuses runs, until the fault is undone; the emulator takes no {@code times} for it. */
    record FailedState(
            @Nullable String target,
            @Nullable String workspace,
            @Nullable Integer times) implements Fault {

        /** Every cluster. */
        public FailedState() {
            this(null, null, null);
        }

        /** The same, of one cluster. */
        public FailedState on(String name) {
            return new FailedState(name, workspace, times);
        }

        /** The same, in this workspace. */
        public FailedState in(String name) {
            return new FailedState(target, name, times);
        }

        @Override
        public FailedState times(int most) {
            return new FailedState(target, workspace, most);
        }
    }

    /**
     * Images cannot be had.
     *
     * @param image a pattern over the image's name; {@code *} stands for any text
     * @param message what the job is told; null: the emulator's choice
     */
    record ImageFailure(
            String image,
            @Nullable String message,
            @Nullable Integer times) implements Fault {

        /** With the usual message. */
        public ImageFailure(String image) {
            this(image, null, null);
        }

        @Override
        public ImageFailure times(int most) {
            return new ImageFailure(image, message, most);
        }
    }

    /**
     * The runtime does not answer.
     *
     * @param runtime {@code docker}, {@code process}, {@code simulated} or {@code ssh}; null: all
     */
    record EngineAway(@Nullable String runtime, @Nullable Integer times) implements Fault {

        /** Every runtime. */
        public EngineAway() {
            this(null, null);
        }

        @Override
        public EngineAway times(int most) {
            return new EngineAway(runtime, most);
        }
    }

    /** There is no room: changes are refused, and a job that should start fails with that reason. */
    record DiskFull(@Nullable Integer times) implements Fault {

        /** Until it is undone. */
        public DiskFull() {
            this(null);
        }

        @Override
        public DiskFull times(int most) {
            return new DiskFull(most);
        }
    }

    /**
     * Requests are answered with 429.
     *
     * @param retryAfter what the header {@code Retry-After} says, in seconds, 0 to 3600; null: 1
     */
    record Throttle(
            @JsonUnwrapped Requests requests,
            @Nullable Integer retryAfter,
            @Nullable Integer times) implements Fault {

        /** With {@code Retry-After: 1}. */
        public Throttle(Requests requests) {
            this(requests, null, null);
        }

        /** The same, with another {@code Retry-After}, in whole seconds. */
        public Throttle retryAfter(Duration wait) {
            return new Throttle(requests, Math.toIntExact(wait.toSeconds()), times);
        }

        @Override
        public Throttle times(int most) {
            return new Throttle(requests, retryAfter, most);
        }
    }

    /**
     * Answers come later.
     *
     * @param delay in real time, because clients wait in it
     */
    record Latency(
            @JsonUnwrapped Requests requests,
            Duration delay,
            @Nullable Integer times) implements Fault {

        /** Without end. */
        public Latency(Requests requests, Duration delay) {
            this(requests, delay, null);
        }

        @Override
        public Latency times(int most) {
            return new Latency(requests, delay, most);
        }
    }

    /** The connection is closed without an answer. */
    record Drop(@JsonUnwrapped Requests requests, @Nullable Integer times) implements Fault {

        /** Without end. */
        public Drop(Requests requests) {
            this(requests, null);
        }

        @Override
        public Drop times(int most) {
            return new Drop(requests, most);
        }
    }

    /**
     * Requests are answered with an error.
     *
     * @param status the HTTP status, 400 to 599; Azure's SDKs try again on 5xx
     * @param code Azure's code
     * @param message for people; null: the emulator's choice
     */
    record ErrorAnswer(
            @JsonUnwrapped Requests requests,
            int status,
            String code,
            @Nullable String message,
            @Nullable Integer times)
            implements Fault {

        /** Without end. */
        public ErrorAnswer(Requests requests, int status, String code, String message) {
            this(requests, status, code, message, null);
        }

        @Override
        public ErrorAnswer times(int most) {
            return new ErrorAnswer(requests, status, code, message, most);
        }
    }
}
