package dev.malachite.engine;

import java.util.Optional;

/** One step from a state to the next; the store writes exactly these. */
public sealed interface Change {

    record TargetPut(Target target) implements Change {}

    record TargetRemoved(TargetId target) implements Change {}

    record NodePut(Node node) implements Change {}

    record NodeRemoved(NodeId node) implements Change {}

    /** A job is accepted, and with it what the run store keeps of it. */
    record JobAdded(Job job, Attachment attachment) implements Change {}

    record JobPut(Job job) implements Change {}

    /** A job has reached its terminal phase; it leaves the state, the store keeps it. */
    record JobEnded(Job job) implements Change {}

    record ImagePut(Image image) implements Change {}

    /** An image could not be had; whoever needs it again asks anew. */
    record ImageForgotten(ImageKey image) implements Change {}

    record OperationPut(Operation operation) implements Change {}

    record OperationForgotten(OperationId operation) implements Change {}

    record FaultPut(Fault fault) implements Change {}

    record FaultRemoved(FaultId fault) implements Change {}

    /** A limit on cores is set, or, when empty, goes back to its default. */
    record LimitSet(QuotaKey key, Optional<Long> limit) implements Change {}

    /** Numbers up to this one have been given away. */
    record Counted(long sequence) implements Change {}
}
