package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The execution of a run.
 *
 * @param sequence order of submission
 * @param priority from {@link #LOWEST_PRIORITY} to {@link #HIGHEST_PRIORITY}, as Azure Batch has it; of two waiting jobs the one with the higher comes first
 * @param attempt 1 for the first; counts up when a node is evicted or lost
 * @param nodeCount nodes that it needs at once, 1 or more
 * @param serving how many of its nodes, the last ones, only serve the others: they are told to stop when those have ended
 * @param maxRun how long an attempt may run
 * @param nodes the nodes that it has, or had until its end
 * @param after nodes of an earlier attempt; the next one does not start before they are gone
 * @param started when the first attempt began to run
 * @param attemptStarted when this attempt began to run
 * @param exits of this attempt, one for each node whose processes have ended, in the order in which that was seen
 * @param stop why it was told to stop, if it was
 * @param error message of a failed job
 * @param number among the jobs that rules of eviction know, from 1 in the order of submission: what their dice are thrown with;
 *     empty where there was no such rule
 */
public record Job(
        JobId id,
        TargetId target,
        long sequence,
        int priority,
        JobPhase phase,
        int attempt,
        ImageKey image,
        int nodeCount,
        int serving,
        Optional<Duration> maxRun,
        List<NodeId> nodes,
        List<NodeId> after,
        Instant submitted,
        Optional<Instant> started,
        Optional<Instant> attemptStarted,
        List<Exit> exits,
        Optional<StopReason> stop,
        @Nullable String error,
        Optional<Integer> number) {

    /**
     * How an attempt has ended on one of its nodes.
     *
     * @param kept whether nothing of it is left to be kept: it has been, or it is lost
     */
    public record Exit(NodeId node, int code, boolean kept) {}

    /** Why a job was told to stop. */
    public enum StopReason {
        CANCELED_BY_USER,
        TIMED_OUT,
        TARGET_DELETED,
        INSTANCE_STOPPED,
        /** Its node is evicted; its next attempt follows. */
        EVICTED,
        /** Its node is evicted, and that is its end. */
        EVICTED_FOR_GOOD;

        boolean eviction() {
            return this == EVICTED || this == EVICTED_FOR_GOOD;
        }
    }

    public static final int LOWEST_PRIORITY = -1000;
    public static final int HIGHEST_PRIORITY = 1000;

    private static final int SIGTERM = 128 + 15;
    static final int SIGKILL = 128 + 9;

    /** When it has run as long as it may: as long as asked for, at most {@code lifetime}. */
    Optional<Instant> deadline(Duration lifetime) {
        Duration most = maxRun.filter(asked -> asked.compareTo(lifetime) < 0).orElse(lifetime);
        return phase == JobPhase.RUNNING ? attemptStarted.map(start -> start.plus(most)) : Optional.empty();
    }

    /** Whether it waits for nodes and could be given some. */
    boolean placeable() {
        return phase == JobPhase.QUEUED && after.isEmpty();
    }

    /** Of the whole attempt, once it has ended on all nodes: that of the first process that failed. */
    public Optional<Integer> exitCode() {
        return nodes.isEmpty() || exits.size() < nodes.size()
                ? Optional.empty()
                : Optional.of(failure().map(Exit::code).orElse(0));
    }

    /** How it has ended on that node, if it has. */
    public Optional<Exit> exit(NodeId node) {
        return exits.stream().filter(exit -> exit.node().equals(node)).findFirst();
    }

    /** The first node on which it failed: the others are told to stop, and its error is the job's. */
    Optional<Exit> failure() {
        return exits.stream().filter(exit -> exit.code() != 0).findFirst();
    }

    /** Whether all that it was to do is done, and only nodes that serve are left: whatever becomes of those, it succeeds. */
    boolean served() {
        return failure().isEmpty()
                && serving > 0
                && nodes.stream()
                        .limit(nodeCount - serving)
                        .allMatch(node -> exit(node).isPresent())
                && !nodes.isEmpty();
    }

    /** Whether what still runs of it is to stop: it was told to, one of its nodes has failed, or it is served. */
    boolean stopping() {
        return stop.isPresent() || failure().isPresent() || served();
    }

    /** Whether it has ended on all nodes and nothing is left to be kept. */
    boolean settled() {
        return exitCode().isPresent() && exits.stream().allMatch(Exit::kept);
    }

    /** Whether an eviction ended a process, rather than the process itself: what ends by itself ends as it ended. */
    boolean interrupted() {
        return stop.filter(StopReason::eviction).isPresent()
                && exits.stream().anyMatch(exit -> exit.code() == SIGTERM || exit.code() == SIGKILL);
    }

    /** Whether it was told to stop and did not end by itself all the same, as it may while an eviction waits for it. */
    public boolean endedByStop() {
        return stop.filter(reason -> !reason.eviction()).isPresent() || interrupted();
    }

    Job phase(JobPhase next) {
        return copy().phase(next).done();
    }

    Job assigned(List<NodeId> to) {
        return copy().phase(JobPhase.STARTING)
                .nodes(to)
                .attemptStarted(Optional.empty())
                .exits(List.of())
                .done();
    }

    Job running(Instant now) {
        return copy().phase(JobPhase.RUNNING)
                .started(Optional.of(started.orElse(now)))
                .attemptStarted(Optional.of(now))
                .done();
    }

    Job stopping(StopReason reason) {
        return copy().phase(JobPhase.CANCEL_REQUESTED).stop(Optional.of(reason)).done();
    }

    /** Told to stop because its node is evicted; it counts as running until its process has ended. */
    Job evicted(boolean retry) {
        return copy().stop(Optional.of(retry ? StopReason.EVICTED : StopReason.EVICTED_FOR_GOOD))
                .done();
    }

    /**
     * Its processes on that node have ended. It goes on as long as others run; then a stopped job keeps saying so until what
     * it left is kept.
     */
    Job exited(Exit exit) {
        Job next = copy().exits(plus(exits, exit)).done();
        if (next.exitCode().isEmpty()) {
            return next;
        }
        return next.phase(
                stop.isEmpty() ? JobPhase.FINALIZING : stop.get().eviction() ? phase : JobPhase.CANCEL_REQUESTED);
    }

    /** What it left on that node has been kept; the error of the node that failed first is the job's. */
    Job kept(NodeId node, String reported) {
        boolean decides = failure().filter(exit -> exit.node().equals(node)).isPresent();
        return copy().exits(exits.stream()
                        .map(exit -> exit.node().equals(node) ? new Exit(node, exit.code(), true) : exit)
                        .toList())
                .error(decides ? reported : error)
                .done();
    }

    /** Back into the queue, its next attempt waiting until {@code gone} are gone. */
    Job requeued(List<NodeId> gone) {
        return copy().phase(JobPhase.QUEUED)
                .attempt(attempt + 1)
                .nodes(List.of())
                .after(gone)
                .attemptStarted(Optional.empty())
                .exits(List.of())
                .stop(Optional.empty())
                .error(null)
                .done();
    }

    Job released(NodeId gone) {
        return copy().after(after.stream().filter(node -> !node.equals(gone)).toList())
                .done();
    }

    Job ended(JobPhase how, @Nullable String why) {
        return copy().phase(how).error(why).done();
    }

    private static List<Exit> plus(List<Exit> exits, Exit one) {
        List<Exit> more = new ArrayList<>(exits);
        more.add(one);
        return more;
    }

    Job numbered(int next) {
        return copy().number(next).done();
    }

    private Copy copy() {
        return new Copy(this);
    }

    /** Takes over all parts of a job but those that are named. */
    private static final class Copy {

        private final Job from;
        private JobPhase phase;
        private int attempt;
        private List<NodeId> nodes;
        private List<NodeId> after;
        private Optional<Instant> started;
        private Optional<Instant> attemptStarted;
        private List<Exit> exits;
        private Optional<StopReason> stop;
        private @Nullable String error;
        private Optional<Integer> number;

        Copy(Job from) {
            this.from = from;
            phase = from.phase;
            attempt = from.attempt;
            nodes = from.nodes;
            after = from.after;
            started = from.started;
            attemptStarted = from.attemptStarted;
            exits = from.exits;
            stop = from.stop;
            error = from.error;
            number = from.number;
        }

        Copy number(int next) {
            number = Optional.of(next);
            return this;
        }

        Copy phase(JobPhase next) {
            phase = next;
            return this;
        }

        Copy attempt(int next) {
            attempt = next;
            return this;
        }

        Copy nodes(List<NodeId> next) {
            nodes = List.copyOf(next);
            return this;
        }

        Copy after(List<NodeId> next) {
            after = List.copyOf(next);
            return this;
        }

        Copy started(Optional<Instant> next) {
            started = next;
            return this;
        }

        Copy attemptStarted(Optional<Instant> next) {
            attemptStarted = next;
            return this;
        }

        Copy exits(List<Exit> next) {
            exits = List.copyOf(next);
            return this;
        }

        Copy stop(Optional<StopReason> next) {
            stop = next;
            return this;
        }

        Copy error(@Nullable String next) {
            error = next;
            return this;
        }

        Job done() {
            return new Job(
                    from.id,
                    from.target,
                    from.sequence,
                    from.priority,
                    phase,
                    attempt,
                    from.image,
                    from.nodeCount,
                    from.serving,
                    from.maxRun,
                    nodes,
                    after,
                    from.submitted,
                    started,
                    attemptStarted,
                    exits,
                    stop,
                    error,
                    number);
        }
    }
}
