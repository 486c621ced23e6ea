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
        Instant since) {

    /** Whether it counts as capacity: it can take a job now or soon. */
    boolean usable() {
        return phase == NodePhase.PREPARING || phase == NodePhase.IDLE || phase == NodePhase.RUNNING;
    }

    Node opened(Instant now) {
        return new Node(
                id,
                target,
                slot,
                runtime,
                NodePhase.IDLE,
                generation,
                true,
                image,
                job,
                phase == NodePhase.IDLE ? since : now);
    }

    Node running(JobId jobId, Instant now) {
        return new Node(
                id, target, slot, runtime, NodePhase.RUNNING, generation, ready, image, Optional.of(jobId), now);
    }

    Node phase(NodePhase next, Instant now) {
        return new Node(id, target, slot, runtime, next, generation, ready, image, job, now);
    }

    /** A fresh container for {@code next}, in place of a used or unfitting one; idle since {@code idleSince}. */
    Node renewed(ImageKey next, Instant idleSince) {
        return new Node(
                id, target, slot, runtime, NodePhase.IDLE, generation + 1, false, next, Optional.empty(), idleSince);
    }
}
