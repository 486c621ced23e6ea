package dev.malachite.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * One node of a target.
 *
 * @param slot its place in the cluster, 0 or more; the lowest free one is taken
 * @param generation counts its containers, from 1: no container runs two jobs
 * @param ready whether the container of this generation waits for a job, or runs one
 * @param image what that container is made from
 * @param job the job it runs
 * @param since when the phase began
 * @param heldUntil before this its container is not made: how a slow machine is played
 * @param eviction when it will be taken away, once that is known
 * @param fault whose doing it is that it will be taken away, or is unusable; empty for somebody's wish
 */
public record Node(
        NodeId id,
        TargetId target,
        int slot,
        RuntimeKind runtime,
        NodePhase phase,
        int generation,
        boolean ready,
        ImageKey image,
        Optional<JobId> job,
        Instant since,
        Optional<Instant> heldUntil,
        Optional<Eviction> eviction,
        Optional<FaultId> fault) {

    /** Whether it counts as capacity: it can take a job now or soon. */
    boolean usable() {
        return phase == NodePhase.PREPARING || phase == NodePhase.IDLE || phase == NodePhase.RUNNING;
    }

    Node opened(Instant now) {
        return with(NodePhase.IDLE, true, job, phase == NodePhase.IDLE ? since : now);
    }

    Node running(JobId jobId, Instant now) {
        return with(NodePhase.RUNNING, ready, Optional.of(jobId), now);
    }

    Node phase(NodePhase next, Instant now) {
        return with(next, ready, job, now);
    }

    /** Unusable; whatever of it is there, or is being made, must go. */
    Node broken(Optional<FaultId> by, Instant now) {
        return with(NodePhase.UNUSABLE, true, job, now).because(eviction, by);
    }

    /** Nothing of it is there any more, though it still has its place. */
    Node emptied() {
        return with(phase, false, Optional.empty(), since);
    }

    /** A fresh container for {@code next}, in place of a used or unfitting one; idle since {@code idleSince}. */
    Node renewed(ImageKey next, Instant idleSince) {
        return new Node(
                id,
                target,
                slot,
                runtime,
                NodePhase.IDLE,
                generation + 1,
                false,
                next,
                Optional.empty(),
                idleSince,
                heldUntil,
                eviction,
                fault);
    }

    Node held(Optional<Instant> until) {
        return new Node(id, target, slot, runtime, phase, generation, ready, image, job, since, until, eviction, fault);
    }

    Node evictedBy(Eviction coming, Optional<FaultId> by) {
        return because(Optional.of(coming), by);
    }

    /** It will not be taken away after all. */
    Node spared() {
        return because(Optional.empty(), Optional.empty());
    }

    private Node because(Optional<Eviction> coming, Optional<FaultId> by) {
        return new Node(id, target, slot, runtime, phase, generation, ready, image, job, since, heldUntil, coming, by);
    }

    private Node with(NodePhase nextPhase, boolean nextReady, Optional<JobId> nextJob, Instant nextSince) {
        return new Node(
                id,
                target,
                slot,
                runtime,
                nextPhase,
                generation,
                nextReady,
                image,
                nextJob,
                nextSince,
                heldUntil,
                eviction,
                fault);
    }
}
