package dev.malachite.engine;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pcollections.HashTreePMap;
import org.pcollections.OrderedPSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * All that the rules know, as one immutable value: a batch works on a copy that costs nothing, readers share the last
 * committed one, and a failed commit is undone by forgetting. Jobs that have ended are not in it.
 */
public final class State {

    private static final State EMPTY = new State(
            TreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            OrderedPSet.empty(),
            TreePMap.empty(),
            HashTreePMap.empty(),
            0);

    private final PSortedMap<TargetId, Target> targets;
    private final PMap<NodeId, Node> nodes;
    private final PMap<TargetId, PSortedMap<Integer, Node>> nodesOf;
    private final PMap<JobId, Job> jobs;
    private final PMap<TargetId, PSortedMap<Long, JobId>> waiting;
    private final PMap<ImageKey, Image> images;
    private final PSet<ImageKey> missingImages;
    private final PSortedMap<Long, Operation> operations;
    private final PMap<OperationId, Long> operationOrder;
    private final long sequence;

    private State(
            PSortedMap<TargetId, Target> targets,
            PMap<NodeId, Node> nodes,
            PMap<TargetId, PSortedMap<Integer, Node>> nodesOf,
            PMap<JobId, Job> jobs,
            PMap<TargetId, PSortedMap<Long, JobId>> waiting,
            PMap<ImageKey, Image> images,
            PSet<ImageKey> missingImages,
            PSortedMap<Long, Operation> operations,
            PMap<OperationId, Long> operationOrder,
            long sequence) {
        this.targets = targets;
        this.nodes = nodes;
        this.nodesOf = nodesOf;
        this.jobs = jobs;
        this.waiting = waiting;
        this.images = images;
        this.missingImages = missingImages;
        this.operations = operations;
        this.operationOrder = operationOrder;
        this.sequence = sequence;
    }

    public static State empty() {
        return EMPTY;
    }

    public Collection<Target> targets() {
        return targets.values();
    }

    public Optional<Target> target(TargetId id) {
        return Optional.ofNullable(targets.get(id));
    }

    public Collection<Node> nodes() {
        return nodes.values();
    }

    public Optional<Node> node(NodeId id) {
        return Optional.ofNullable(nodes.get(id));
    }

    /** Nodes of a target, by slot. */
    public Collection<Node> nodesOf(TargetId target) {
        PSortedMap<Integer, Node> found = nodesOf.get(target);
        return found == null ? List.of() : found.values();
    }

    /** Jobs that have not ended. */
    public Collection<Job> jobs() {
        return jobs.values();
    }

    public Optional<Job> job(JobId id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** Jobs of a target that have no process, first come first. */
    public Iterable<Job> waiting(TargetId target) {
        PSortedMap<Long, JobId> queue = waiting.get(target);
        return queue == null
                ? List.of()
                : () -> queue.values().stream().map(this::present).iterator();
    }

    public int waitingCount(TargetId target) {
        PSortedMap<Long, JobId> queue = waiting.get(target);
        return queue == null ? 0 : queue.size();
    }

    public Optional<Image> image(ImageKey key) {
        return Optional.ofNullable(images.get(key));
    }

    /** Images that somebody needs and that are not there. */
    public Collection<ImageKey> missingImages() {
        return missingImages;
    }

    public Optional<Operation> operation(OperationId id) {
        Long order = operationOrder.get(id);
        return order == null ? Optional.empty() : Optional.ofNullable(operations.get(order));
    }

    /** Kept operations, oldest first. */
    public Collection<Operation> operations() {
        return operations.values();
    }

    /** The highest number given to a job, node or operation so far. */
    public long sequence() {
        return sequence;
    }

    private Job present(JobId id) {
        Job job = jobs.get(id);
        if (job == null) {
            throw new IllegalStateException("queued but unknown: " + id);
        }
        return job;
    }

    /** The state after one change. */
    public State apply(Change change) {
        return switch (change) {
            case Change.TargetPut put ->
                copy().targets(targets.plus(put.target().id(), put.target())).done();
            case Change.TargetRemoved removed ->
                copy().targets(targets.minus(removed.target())).done();
            case Change.NodePut put -> withNode(put.node());
            case Change.NodeRemoved removed -> withoutNode(removed.node());
            case Change.JobAdded added -> withJob(added.job());
            case Change.JobPut put -> withJob(put.job());
            case Change.JobEnded ended ->
                copy().jobs(jobs.minus(ended.job().id()))
                        .waiting(unqueued(ended.job()))
                        .done();
            case Change.ImagePut put ->
                copy().images(images.plus(put.image().key(), put.image()))
                        .missing(
                                put.image().ready()
                                        ? missingImages.minus(put.image().key())
                                        : missingImages.plus(put.image().key()))
                        .done();
            case Change.ImageForgotten forgotten ->
                copy().images(images.minus(forgotten.image()))
                        .missing(missingImages.minus(forgotten.image()))
                        .done();
            case Change.OperationPut put ->
                copy().operations(operations.plus(put.operation().sequence(), put.operation()))
                        .order(operationOrder.plus(
                                put.operation().id(), put.operation().sequence()))
                        .done();
            case Change.OperationForgotten forgotten -> {
                Long order = operationOrder.get(forgotten.operation());
                yield order == null
                        ? this
                        : copy().operations(operations.minus(order))
                                .order(operationOrder.minus(forgotten.operation()))
                                .done();
            }
            case Change.Counted counted -> copy().sequence(counted.sequence()).done();
        };
    }

    /** The changes that make this state out of the empty one: what is added to the state is added here. */
    public Stream<Change> changes() {
        Stream<Change> parts = Stream.concat(
                Stream.concat(
                        targets.values().stream().map(Change.TargetPut::new),
                        nodes.values().stream().map(Change.NodePut::new)),
                Stream.concat(
                        jobs.values().stream().map(Change.JobPut::new),
                        images.values().stream().map(Change.ImagePut::new)));
        return Stream.concat(
                Stream.concat(parts, operations.values().stream().map(Change.OperationPut::new)),
                Stream.of(new Change.Counted(sequence)));
    }

    public State apply(Iterable<Change> changes) {
        State next = this;
        for (Change change : changes) {
            next = next.apply(change);
        }
        return next;
    }

    private State withNode(Node node) {
        PSortedMap<Integer, Node> siblings = nodesOf.getOrDefault(node.target(), TreePMap.empty());
        return copy().nodes(nodes.plus(node.id(), node))
                .nodesOf(nodesOf.plus(node.target(), siblings.plus(node.slot(), node)))
                .done();
    }

    private State withoutNode(NodeId id) {
        Node node = nodes.get(id);
        if (node == null) {
            return this;
        }
        PSortedMap<Integer, Node> siblings = nodesOf.getOrDefault(node.target(), TreePMap.<Integer, Node>empty())
                .minus(node.slot());
        return copy().nodes(nodes.minus(id))
                .nodesOf(siblings.isEmpty() ? nodesOf.minus(node.target()) : nodesOf.plus(node.target(), siblings))
                .done();
    }

    private State withJob(Job job) {
        return copy().jobs(jobs.plus(job.id(), job))
                .waiting(job.phase().waiting() ? queued(job) : unqueued(job))
                .done();
    }

    private PMap<TargetId, PSortedMap<Long, JobId>> queued(Job job) {
        PSortedMap<Long, JobId> queue = waiting.getOrDefault(job.target(), TreePMap.empty());
        return waiting.plus(job.target(), queue.plus(job.sequence(), job.id()));
    }

    private PMap<TargetId, PSortedMap<Long, JobId>> unqueued(Job job) {
        PSortedMap<Long, JobId> queue = waiting.get(job.target());
        if (queue == null || !queue.containsKey(job.sequence())) {
            return waiting;
        }
        PSortedMap<Long, JobId> rest = queue.minus(job.sequence());
        return rest.isEmpty() ? waiting.minus(job.target()) : waiting.plus(job.target(), rest);
    }

    private Copy copy() {
        return new Copy(this);
    }

    /** Takes over all parts of a state but those that are named. */
    private static final class Copy {

        private PSortedMap<TargetId, Target> targets;
        private PMap<NodeId, Node> nodes;
        private PMap<TargetId, PSortedMap<Integer, Node>> nodesOf;
        private PMap<JobId, Job> jobs;
        private PMap<TargetId, PSortedMap<Long, JobId>> waiting;
        private PMap<ImageKey, Image> images;
        private PSet<ImageKey> missing;
        private PSortedMap<Long, Operation> operations;
        private PMap<OperationId, Long> order;
        private long sequence;

        Copy(State from) {
            targets = from.targets;
            nodes = from.nodes;
            nodesOf = from.nodesOf;
            jobs = from.jobs;
            waiting = from.waiting;
            images = from.images;
            missing = from.missingImages;
            operations = from.operations;
            order = from.operationOrder;
            sequence = from.sequence;
        }

        Copy targets(PSortedMap<TargetId, Target> next) {
            targets = next;
            return this;
        }

        Copy nodes(PMap<NodeId, Node> next) {
            nodes = next;
            return this;
        }

        Copy nodesOf(PMap<TargetId, PSortedMap<Integer, Node>> next) {
            nodesOf = next;
            return this;
        }

        Copy jobs(PMap<JobId, Job> next) {
            jobs = next;
            return this;
        }

        Copy waiting(PMap<TargetId, PSortedMap<Long, JobId>> next) {
            waiting = next;
            return this;
        }

        Copy images(PMap<ImageKey, Image> next) {
            images = next;
            return this;
        }

        Copy missing(PSet<ImageKey> next) {
            missing = next;
            return this;
        }

        Copy operations(PSortedMap<Long, Operation> next) {
            operations = next;
            return this;
        }

        Copy order(PMap<OperationId, Long> next) {
            order = next;
            return this;
        }

        Copy sequence(long seen) {
            sequence = Math.max(sequence, seen);
            return this;
        }

        State done() {
            return new State(targets, nodes, nodesOf, jobs, waiting, images, missing, operations, order, sequence);
        }
    }
}
