package dev.malachite.engine;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One step from a state to the next; the store writes exactly these. */
public sealed interface Change {

    record TargetPut(Target target) implements Change {}

    record TargetRemoved(TargetId target) implements Change {}

    /** How a compute instance stands. */
    record InstancePut(Instance instance) implements Change {}

    record InstanceRemoved(TargetId target) implements Change {}

    record NodePut(Node node) implements Change {}

    record NodeRemoved(NodeId node) implements Change {}

    /** A job is accepted, and with it what the run store keeps of it. */
    record JobAdded(Job job, Attachment attachment) implements Change {}

    record JobPut(Job job) implements Change {}

    /** A job has reached its terminal phase; it leaves the state, the store keeps it. */
    record JobEnded(Job job) implements Change {}

    /** A parent is accepted, and with it what the run store keeps of it. */
    record ParentAdded(Parent parent, Attachment attachment) implements Change {}

    record ParentPut(Parent parent) implements Change {}

    /**
     * A parent has reached its terminal phase; it leaves the state with all that it knew of its children.
     *
     * @param children the runs of all of them
     */
    record ParentEnded(Parent parent, List<JobId> children) implements Change {}

    record ChildPut(Child child) implements Change {}

    /** A run that never had an execution is written down as ended. */
    record RunAdded(JobId run, JobPhase how, @Nullable String error, Attachment attachment) implements Change {}

    record ImagePut(Image image) implements Change {}

    /** An image could not be had; whoever needs it again asks anew. */
    record ImageForgotten(ImageKey image) implements Change {}

    record OperationPut(Operation operation) implements Change {}

    record OperationForgotten(OperationId operation) implements Change {}

    record FaultPut(Fault fault) implements Change {}

    record FaultRemoved(FaultId fault) implements Change {}

    /** A limit on cores is set, or, when empty, goes back to its default. */
    record LimitSet(QuotaKey key, Optional<Long> limit) implements Change {}

    /** The parents that changes are about, each once: these may want something else now. */
    public static Set<JobId> parents(List<Change> changes) {
        Set<JobId> parents = new LinkedHashSet<>();
        for (Change change : changes) {
            switch (change) {
                case ParentAdded added -> parents.add(added.parent().id());
                case ParentPut put -> parents.add(put.parent().id());
                case ParentEnded ended -> parents.add(ended.parent().id());
                case ChildPut put -> parents.add(put.child().parent());
                case TargetPut _,
                        TargetRemoved _,
                        InstancePut _,
                        InstanceRemoved _,
                        NodePut _,
                        NodeRemoved _,
                        JobAdded _,
                        JobPut _,
                        JobEnded _,
                        RunAdded _,
                        ImagePut _,
                        ImageForgotten _,
                        OperationPut _,
                        OperationForgotten _,
                        FaultPut _,
                        FaultRemoved _,
                        LimitSet _,
                        Counted _ -> {}
            }
        }
        return parents;
    }

    /** Numbers up to this one have been given away. */
    record Counted(long sequence) implements Change {}
}
