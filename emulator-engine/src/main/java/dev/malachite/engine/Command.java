package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
     * @param scope for a new target: where its cores are counted
     * @param runtime for a new target
     * @param basedOn when the target had last been changed for the one who wants to change it; refused as a conflict when
     *     it has been changed since, or is gone; empty for one who does not care
     */
    record PutTarget(
            TargetId id,
            String name,
            ComputeKind kind,
            QuotaScope scope,
            String document,
            RuntimeKind runtime,
            OperationId operation,
            Optional<Instant> basedOn)
            implements Wish<PutTarget.Reply> {

        public record Reply(Target target, boolean created) {}
    }

    record DeleteTarget(TargetId id, OperationId operation) implements Wish<Operation> {}

    /** Starts, stops or restarts a compute instance. */
    record PowerInstance(TargetId id, Power power, OperationId operation) implements Wish<Operation> {}

    /** The same because a schedule of the instance's wants it at {@code due}; where it cannot be, that time passes. */
    record FollowSchedule(TargetId id, Power power, Instant due) implements Wish<Done> {}

    /**
     * Gives a compute instance another size.
     *
     * @param document the resource with the new size
     */
    record ResizeInstance(TargetId id, VmSize size, String document, OperationId operation)
            implements Wish<Operation> {}

    /** Cancels all jobs and deletes all targets of a workspace. */
    record RemoveWorkspace(WorkspaceId workspace) implements Wish<Done> {}

    /**
     * Submits a job.
     *
     * @param serving how many of its nodes, the last ones, only serve the others; fewer than all
     * @param priority from -1000 to 1000, 0 for one who does not care
     * @param parent the parent that waits for it as its child; empty for one that stands for itself
     * @param compute the serverless compute that it is to have: both are there, or neither; empty for one on a target that is
     *     there
     * @param attachment what the run store keeps of it
     */
    record SubmitJob(
            JobId id,
            TargetId target,
            ImageKey image,
            int nodeCount,
            int serving,
            int priority,
            Optional<Duration> maxRun,
            Optional<JobId> parent,
            Optional<PutTarget> compute,
            Attachment attachment)
            implements Wish<Job> {

        /** One that stands for itself. */
        public SubmitJob(
                JobId id,
                TargetId target,
                ImageKey image,
                int nodeCount,
                int priority,
                Optional<Duration> maxRun,
                Attachment attachment) {
            this(id, target, image, nodeCount, 0, priority, maxRun, Optional.empty(), Optional.empty(), attachment);
        }

        /** The same as a child. */
        public SubmitJob childOf(JobId above) {
            return new SubmitJob(
                    id, target, image, nodeCount, serving, priority, maxRun, Optional.of(above), compute, attachment);
        }

        /** The same where so many of its nodes, the last ones, only serve the others. */
        public SubmitJob served(int by) {
            return new SubmitJob(id, target, image, nodeCount, by, priority, maxRun, parent, compute, attachment);
        }

        /** The same with another record. */
        public SubmitJob kept(Attachment as) {
            return new SubmitJob(id, target, image, nodeCount, serving, priority, maxRun, parent, compute, as);
        }

        /** The same on serverless compute that is made for it, of the kind {@link ComputeKind.Serverless}. */
        public SubmitJob on(PutTarget made) {
            return new SubmitJob(
                    id, target, image, nodeCount, serving, priority, maxRun, parent, Optional.of(made), attachment);
        }
    }

    /**
     * Submits a run that consists of others.
     *
     * @param parent the parent that waits for it as its child
     * @param attachment what the run store keeps of it
     */
    record SubmitParent(JobId id, Optional<JobId> parent, Plan plan, Attachment attachment) implements Wish<Parent> {}

    /** Cancels a job or a parent; one that has ended, or that never was, is left as it is: the service answers 200. */
    record CancelJob(JobId id) implements Wish<Done> {}

    /**
     * Takes a low-priority node away.
     *
     * @param at when its notice is given; empty or past for now
     * @param notice how long after that its job is told to stop
     * @param retry whether that job is queued again; otherwise it fails
     */
    record EvictNode(NodeId id, Optional<Instant> at, Duration notice, boolean retry) implements Wish<Node> {}

    /** Makes a node unusable: it keeps its place and its quota until it is repaired. */
    record BreakNode(NodeId id, String message) implements Wish<Node> {}

    /** Replaces an unusable node. */
    record RepairNode(NodeId id) implements Wish<Node> {}

    /** Sets a limit on cores, 0 or more; empty for the default. */
    record SetLimit(QuotaKey key, Optional<Long> limit) implements Wish<Done> {}

    /**
     * Asks for a failure.
     *
     * @param begins how long from now; empty for at once
     * @param lasts how long it then is there; empty for until it is undone
     */
    record AddFault(
            FaultId id,
            Optional<TargetId> target,
            Optional<Integer> times,
            Optional<Duration> begins,
            Optional<Duration> lasts,
            Fault.Effect effect)
            implements Wish<Fault> {

        /** One that begins at once and is there until it is undone. */
        public AddFault(FaultId id, Optional<TargetId> target, Optional<Integer> times, Fault.Effect effect) {
            this(id, target, times, Optional.empty(), Optional.empty(), effect);
        }
    }

    record RemoveFault(FaultId id) implements Wish<Fault> {}

    record ClearFaults() implements Wish<Done> {}

    /** Counts a strike of a fault that works outside of the engine; the reply is whether it may strike. */
    record StrikeFault(FaultId id) implements Wish<Boolean> {}

    record ImageReady(ImageKey key, String reference) implements Observation {}

    record ImageFailed(ImageKey key, String message) implements Observation {}

    /** The machine of an instance runs, and its servers answer. */
    record MachineStarted(TargetId id, int order, MachineAccess access) implements Observation {}

    /** The machine of an instance cannot be had, for a reason that another try would not mend. */
    record MachineFailed(TargetId id, int order, String message) implements Observation {}

    /**
     * A setup script has ended.
     *
     * @param error for one that did not succeed: what to tell its user
     */
    record ScriptEnded(TargetId id, int order, Optional<String> error) implements Observation {}

    record MachineStopped(TargetId id, int order) implements Observation {}

    record MachineRemoved(TargetId id, int order) implements Observation {}

    /** The machine does not do any more what it should. */
    record MachineLost(TargetId id, int order, String reason) implements Observation {}

    /** The machine was found stopped, or gone, though it should run. */
    record MachineDown(TargetId id, int order) implements Observation {}

    /** When somebody last did something in the machine, if anybody has. */
    record MachineActive(TargetId id, int order, Optional<Instant> at) implements Observation {}

    record NodeOpened(NodeId id, int generation) implements Observation {}

    record NodeFailed(NodeId id, int generation, String message) implements Observation {}

    record NodeLost(NodeId id, int generation, String reason) implements Observation {}

    record NodeClosed(NodeId id) implements Observation {}

    /**
     * A job could not be started on a node, for a reason that another try would not mend.
     *
     * @param message what to tell its user
     */
    record JobRefused(NodeId node, JobId id, int attempt, String message) implements Observation {}

    record TargetClosed(TargetId id) implements Observation {}

    /**
     * A child that its parent waits for has ended without an execution: it could not be submitted, or its result was
     * there already.
     *
     * @param how failed or completed
     * @param error why it could not be submitted
     * @param attachment what the run store keeps of it; null where it leaves no run; where there is one of its
     *     name already, that stays as it is
     */
    record ChildEnded(
            JobId run,
            JobPhase how,
            @Nullable String error,
            @Nullable Attachment attachment) implements Observation {}

    /**
     * A trial of a sweep has reported values of the primary metric.
     *
     * @param from the number of the first, counted from 0 over all that it has reported
     */
    record TrialReported(JobId run, int from, List<Double> values) implements Observation {}

    /** The time has come at which a parent wanted to be looked at. */
    record ParentDue(JobId id) implements Observation {}

    /** What is to be kept of a parent has been kept. */
    record ParentFinished(JobId id) implements Observation {}

    /** The time has come at which a fault begins or ends by itself. */
    record FaultDue(FaultId id) implements Observation {}

    /** The emulator begins, with the state that it was left in. */
    record EmulatorStarted() implements Observation {}

    record JobStarted(JobId id, int attempt) implements Observation {}

    record JobExited(NodeId node, int generation, int exitCode) implements Observation {}

    /**
     * What an ended job left on a node has been kept.
     *
     * @param error for one that did not succeed there: what to tell its user
     */
    record JobCollected(NodeId node, JobId id, int attempt, String error) implements Observation {}
}
