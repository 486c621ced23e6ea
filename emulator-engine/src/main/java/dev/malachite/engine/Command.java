package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the engine can be told: wishes of users and observations of runtimes, through one queue.
 *
 * @param <R> what the one who asks gets
 */
public sealed interface Command<R> {

    /** A wish of a user's; may be refused. */
    sealed interface Wish<R> extends Command<R> {}

    /** Something a runtime saw; what no longer fits the state is ignored. */
    sealed interface Observation extends Command<Done> {}

    /**
     * Creates a target or updates it.
     *
     * @param runtime for a new target
     * @param basedOn when the target had last been changed for the one who wants to change it; refused as a conflict when
     *     it has been changed since, or is gone; empty for one who does not care
     */
    record PutTarget(
            TargetId id,
            String name,
            ComputeKind kind,
            String document,
            RuntimeKind runtime,
            OperationId operation,
            Optional<Instant> basedOn)
            implements Wish<PutTarget.Reply> {

        public record Reply(Target target, boolean created) {}
    }

    record DeleteTarget(TargetId id, OperationId operation) implements Wish<Operation> {}

    /** Cancels all jobs and deletes all targets of a workspace. */
    record RemoveWorkspace(WorkspaceId workspace) implements Wish<Done> {}

    /**
     * Submits a job.
     *
     * @param attachment what the run store keeps of it
     */
    record SubmitJob(
            JobId id, TargetId target, ImageKey image, int nodeCount, Optional<Duration> maxRun, Attachment attachment)
            implements Wish<Job> {}

    /** Cancels a job; one that has ended, or that never was, is left as it is: the service answers 200. */
    record CancelJob(JobId id) implements Wish<Done> {}

    record EvictNode(NodeId id) implements Wish<Node> {}

    record ImageReady(ImageKey key, String reference) implements Observation {}

    record ImageFailed(ImageKey key, String message) implements Observation {}

    record NodeOpened(NodeId id, int generation) implements Observation {}

    record NodeFailed(NodeId id, int generation, String message) implements Observation {}

    record NodeLost(NodeId id, int generation, String reason) implements Observation {}

    record NodeClosed(NodeId id) implements Observation {}

    record TargetClosed(TargetId id) implements Observation {}

    record JobStarted(JobId id, int attempt) implements Observation {}

    record JobExited(NodeId node, int generation, int exitCode) implements Observation {}

    /**
     * What an ended job left has been kept.
     *
     * @param error for a job that did not succeed: what to tell its user
     */
    record JobCollected(JobId id, int attempt, String error) implements Observation {}
}
