package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The execution of a run.
 *
 * @param sequence order of submission
 * @param attempt 1 for the first; counts up when a node is evicted or lost
 * @param nodeCount nodes that it needs at once, 1 or more
 * @param maxRun how long an attempt may run
 * @param nodes the nodes that it has, or had until its end
 * @param after nodes of an earlier attempt; the next one does not start before they are gone
 * @param started when the first attempt began to run
 * @param attemptStarted when this attempt began to run
 * @param exitCode of the process, once it has ended
 * @param stop why it was told to stop, if it was
 * @param error message of a failed job
 */
public record Job(
        JobId id,
        TargetId target,
        long sequence,
        JobPhase phase,
        int attempt,
        ImageKey image,
        int nodeCount,
        Optional<Duration> maxRun,
        List<NodeId> nodes,
        List<NodeId> after,
        Instant submitted,
        Optional<Instant> started,
        Optional<Instant> attemptStarted,
        Optional<Integer> exitCode,
        Optional<StopReason> stop,
        @Nullable String error) {

    /** Why a job was told to stop. */
    public enum StopReason {
        CANCELED_BY_USER,
        TIMED_OUT,
        TARGET_DELETED
    }

    /** When it has run as long as it may. */
    Optional<Instant> deadline() {
        return phase == JobPhase.RUNNING ? attemptStarted.flatMap(start -> maxRun.map(start::plus)) : Optional.empty();
    }

    Job phase(JobPhase next) {
        return new Job(
                id,
                target,
                sequence,
                next,
                attempt,
                image,
                nodeCount,
                maxRun,
                nodes,
                after,
                submitted,
                started,
                attemptStarted,
                exitCode,
                stop,
                error);
    }

    Job assigned(List<NodeId> to) {
        return new Job(
                id,
                target,
                sequence,
                JobPhase.STARTING,
                attempt,
                image,
                nodeCount,
                maxRun,
                List.copyOf(to),
                after,
                submitted,
                started,
                Optional.empty(),
                Optional.empty(),
                stop,
                error);
    }

    Job running(Instant now) {
        return new Job(
                id,
                target,
                sequence,
                JobPhase.RUNNING,
                attempt,
                image,
                nodeCount,
                maxRun,
                nodes,
                after,
                submitted,
                Optional.of(started.orElse(now)),
                Optional.of(now),
                exitCode,
                stop,
                error);
    }

    Job stopping(StopReason reason) {
        return new Job(
                id,
                target,
                sequence,
                JobPhase.CANCEL_REQUESTED,
                attempt,
                image,
                nodeCount,
                maxRun,
                nodes,
                after,
                submitted,
                started,
                attemptStarted,
                exitCode,
                Optional.of(reason),
                error);
    }

    /** The process has ended: a stopped job keeps saying so until what it left is kept. */
    Job exited(int code) {
        JobPhase next = stop.isPresent() ? JobPhase.CANCEL_REQUESTED : JobPhase.FINALIZING;
        return new Job(
                id,
                target,
                sequence,
                next,
                attempt,
                image,
                nodeCount,
                maxRun,
                nodes,
                after,
                submitted,
                started,
                attemptStarted,
                Optional.of(code),
                stop,
                error);
    }

    /** Back into the queue, its next attempt waiting until {@code gone} are gone. */
    Job requeued(List<NodeId> gone) {
        return new Job(
                id,
                target,
                sequence,
                JobPhase.QUEUED,
                attempt + 1,
                image,
                nodeCount,
                maxRun,
                List.of(),
                List.copyOf(gone),
                submitted,
                started,
                Optional.empty(),
                Optional.empty(),
                stop,
                error);
    }

    Job released(NodeId gone) {
        return new Job(
                id,
                target,
                sequence,
                phase,
                attempt,
                image,
                nodeCount,
                maxRun,
                nodes,
                after.stream().filter(node -> !node.equals(gone)).toList(),
                submitted,
                started,
                attemptStarted,
                exitCode,
                stop,
                error);
    }

    Job ended(JobPhase how, @Nullable String why) {
        return new Job(
                id,
                target,
                sequence,
                how,
                attempt,
                image,
                nodeCount,
                maxRun,
                nodes,
                after,
                submitted,
                started,
                attemptStarted,
                exitCode,
                stop,
                why);
    }
}
