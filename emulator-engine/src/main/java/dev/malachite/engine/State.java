package dev.malachite.engine;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            OrderedPSet.empty(),
            TreePMap.empty(),
            HashTreePMap.empty(),
            Limits.none(),
            TreePMap.empty(),
            Families.none(),
            TreePMap.empty(),
            0);

    private final PSortedMap<TargetId, Target> targets;
    private final PMap<NodeId, Node> nodes;
    private final PMap<TargetId, PSortedMap<Integer, Node>> nodesOf;
    private final PMap<JobId, Job> jobs;
    private final PMap<TargetId, PSortedMap<Place, JobId>> waiting;
    private final PMap<TargetId, PSortedMap<Place, JobId>> placeable;
    private final PMap<ImageKey, PSortedMap<Place, JobId>> preparing;
    private final PMap<ImageKey, Image> images;
    private final PSet<ImageKey> missingImages;
    private final PSortedMap<Long, Operation> operations;
    private final PMap<OperationId, Long> operationOrder;
    private final Limits limits;
    private final PSortedMap<Long, Fault> faults;
    private final Families families;
    private final PSortedMap<TargetId, Instance> instances;
    private final long sequence;

    /** A job's place in its queue: the higher priority first, then who came first. */
    private record Place(int priority, long sequence) implements Comparable<Place> {

        static Place of(Job job) {
            return new Place(job.priority(), job.sequence());
        }

        @Override
        public int compareTo(Place other) {
            int byPriority = Integer.compare(other.priority, priority);
            return byPriority != 0 ? byPriority : Long.compare(sequence, other.sequence);
        }
    }

    private State(
            PSortedMap<TargetId, Target> targets,
            PMap<NodeId, Node> nodes,
            PMap<TargetId, PSortedMap<Integer, Node>> nodesOf,
            PMap<JobId, Job> jobs,
            PMap<TargetId, PSortedMap<Place, JobId>> waiting,
            PMap<TargetId, PSortedMap<Place, JobId>> placeable,
            PMap<ImageKey, PSortedMap<Place, JobId>> preparing,
            PMap<ImageKey, Image> images,
            PSet<ImageKey> missingImages,
            PSortedMap<Long, Operation> operations,
            PMap<OperationId, Long> operationOrder,
            Limits limits,
            PSortedMap<Long, Fault> faults,
            Families families,
            PSortedMap<TargetId, Instance> instances,
            long sequence) {
        this.targets = targets;
        this.nodes = nodes;
        this.nodesOf = nodesOf;
        this.jobs = jobs;
        this.waiting = waiting;
        this.placeable = placeable;
        this.preparing = preparing;
        this.images = images;
        this.missingImages = missingImages;
        this.operations = operations;
        this.operationOrder = operationOrder;
        this.limits = limits;
        this.faults = faults;
        this.families = families;
        this.instances = instances;
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

    /** How compute instances stand. */
    public Collection<Instance> instances() {
        return instances.values();
    }

    public Optional<Instance> instance(TargetId id) {
        return Optional.ofNullable(instances.get(id));
    }

    /** The instance of that name in that region, whoever's it is: there is at most one. */
    public Optional<TargetId> instanceNamed(String name, String location) {
        return instances.keySet().stream()
                .filter(id -> id.name().equalsIgnoreCase(name))
                .filter(id -> target(id)
                        .filter(Target::workplace)
                        .filter(target -> target.scope().location().equalsIgnoreCase(location))
                        .isPresent())
                .findFirst();
    }

    /** Nodes of a target, by slot. */
    public Collection<Node> nodesOf(TargetId target) {
        PSortedMap<Integer, Node> found = nodesOf.get(target);
        return found == null ? List.of() : found.values();
    }

    /** The node in that place of a target. */
    public Optional<Node> nodeAt(TargetId target, int slot) {
        PSortedMap<Integer, Node> found = nodesOf.get(target);
        return found == null ? Optional.empty() : Optional.ofNullable(found.get(slot));
    }

    /** Jobs that have not ended. */
    public Collection<Job> jobs() {
        return jobs.values();
    }

    public Optional<Job> job(JobId id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** The job that the node runs now; one that has moved on to its next attempt is not meant. */
    Optional<Job> jobOn(Node node) {
        return node.job().flatMap(this::job).filter(job -> job.nodes().contains(node.id()));
    }

    /** Jobs of a target that have no process, by priority, then first come first. */
    public Iterable<Job> waiting(TargetId target) {
        return queue(waiting.get(target));
    }

    public int waitingCount(TargetId target) {
        PSortedMap<Place, JobId> queue = waiting.get(target);
        return queue == null ? 0 : queue.size();
    }

    /** Those of them that could be given nodes now: neither their image nor the nodes of an earlier attempt keep them. */
    Iterable<Job> placeable(TargetId target) {
        return queue(placeable.get(target));
    }

    /** Jobs that wait for an image to be made, first come first. */
    public Iterable<Job> preparing(ImageKey image) {
        return queue(preparing.get(image));
    }

    public boolean isAwaited(ImageKey image) {
        return preparing.containsKey(image);
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

    /** The limit that was set, if one was. */
    public Optional<Long> limit(QuotaKey key) {
        return limits.set(key);
    }

    /** All limits that were set. */
    public Map<QuotaKey, Long> limits() {
        return limits.all();
    }

    /** What counts against the limit: cores of nodes, or computes. */
    public long used(QuotaKey key) {
        return limits.used(key);
    }

    /** The limits against which something counts. */
    public Set<QuotaKey> quotasInUse() {
        return limits.inUse();
    }

    /** Targets that would have more nodes if more cores were allowed. */
    Collection<TargetId> starved(QuotaScope scope) {
        return limits.starved(scope);
    }

    /** Faults in the order of their coming. */
    public Collection<Fault> faults() {
        return faults.values();
    }

    public Optional<Fault> fault(FaultId id) {
        return faults.values().stream().filter(fault -> fault.id().equals(id)).findFirst();
    }

    /** Parents that have not ended. */
    public Collection<Parent> parents() {
        return families.parents();
    }

    public Optional<Parent> parent(JobId id) {
        return families.parent(id);
    }

    /** The children of a parent that came to exist so far, by name. */
    public Map<String, Child> children(JobId parent) {
        return families.children(parent);
    }

    /** The child whose run it is, if its parent has not ended. */
    public Optional<Child> childOf(JobId run) {
        return families.childOf(run);
    }

    /** The highest number given to a job, node or operation so far. */
    public long sequence() {
        return sequence;
    }

    private Iterable<Job> queue(@Nullable PSortedMap<Place, JobId> queue) {
        return queue == null
                ? List.of()
                : () -> queue.values().stream().map(this::present).iterator();
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
                copy().targets(targets.plus(put.target().id(), put.target()))
                        .limits(limits.replaced(target(put.target().id()), put.target()))
                        .done();
            case Change.TargetRemoved removed ->
                copy().targets(targets.minus(removed.target()))
                        .limits(target(removed.target()).map(limits::without).orElse(limits))
                        .done();
            case Change.InstancePut put ->
                copy().instances(instances.plus(put.instance().id(), put.instance()))
                        .done();
            case Change.InstanceRemoved removed ->
                copy().instances(instances.minus(removed.target())).done();
            case Change.NodePut put -> withNode(put.node());
            case Change.NodeRemoved removed -> withoutNode(removed.node());
            case Change.JobAdded added -> withJob(added.job());
            case Change.JobPut put -> withJob(put.job());
            case Change.JobEnded ended ->
                copy().jobs(jobs.minus(ended.job().id()))
                        .waiting(without(waiting, ended.job().target(), ended.job()))
                        .placeable(without(placeable, ended.job().target(), ended.job()))
                        .preparing(without(preparing, ended.job().image(), ended.job()))
                        .done();
            case Change.ParentAdded added ->
                copy().families(families.with(added.parent())).done();
            case Change.ParentPut put ->
                copy().families(families.with(put.parent())).done();
            case Change.ParentEnded ended ->
                copy().families(families.without(ended.parent().id())).done();
            case Change.ChildPut put ->
                copy().families(families.with(put.child())).done();
            case Change.RunAdded _ -> this;
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
            case Change.FaultPut put ->
                copy().faults(faults.plus(put.fault().sequence(), put.fault())).done();
            case Change.FaultRemoved removed ->
                fault(removed.fault())
                        .map(fault ->
                                copy().faults(faults.minus(fault.sequence())).done())
                        .orElse(this);
            case Change.LimitSet set ->
                copy().limits(limits.limit(set.key(), set.limit())).done();
            case Change.Counted counted -> copy().sequence(counted.sequence()).done();
        };
    }

    /** The changes that make this state out of the empty one: what is added to the state is added here. */
    public Stream<Change> changes() {
        return Stream.<Stream<? extends Change>>of(
                        targets.values().stream().map(Change.TargetPut::new),
                        instances.values().stream().map(Change.InstancePut::new),
                        nodes.values().stream().map(Change.NodePut::new),
                        jobs.values().stream().map(Change.JobPut::new),
                        images.values().stream().map(Change.ImagePut::new),
                        operations.values().stream().map(Change.OperationPut::new),
                        limits().entrySet().stream()
                                .map(limit -> new Change.LimitSet(limit.getKey(), Optional.of(limit.getValue()))),
                        faults.values().stream().map(Change.FaultPut::new),
                        parents().stream().map(Change.ParentPut::new),
                        parents().stream()
                                .flatMap(parent -> children(parent.id()).values().stream())
                                .map(Change.ChildPut::new),
                        Stream.of(new Change.Counted(sequence)))
                .flatMap(part -> part);
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
                .limits(nodes.containsKey(node.id()) ? limits : counted(node, 1))
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
                .limits(counted(node, -1))
                .done();
    }

    private Limits counted(Node node, int times) {
        Target target = targets.get(node.target());
        return target == null || target.instance() ? limits : limits.counted(target, times);
    }

    private State withJob(Job job) {
        return copy().jobs(jobs.plus(job.id(), job))
                .waiting(job.phase().waiting() ? with(waiting, job.target(), job) : without(waiting, job.target(), job))
                .placeable(job.placeable() ? with(placeable, job.target(), job) : without(placeable, job.target(), job))
                .preparing(
                        job.phase() == JobPhase.PREPARING
                                ? with(preparing, job.image(), job)
                                : without(preparing, job.image(), job))
                .done();
    }

    private static <K> PMap<K, PSortedMap<Place, JobId>> with(
            PMap<K, PSortedMap<Place, JobId>> queues, K key, Job job) {
        PSortedMap<Place, JobId> queue = queues.getOrDefault(key, TreePMap.empty());
        return queue.containsKey(Place.of(job)) ? queues : queues.plus(key, queue.plus(Place.of(job), job.id()));
    }

    private static <K> PMap<K, PSortedMap<Place, JobId>> without(
            PMap<K, PSortedMap<Place, JobId>> queues, K key, Job job) {
        PSortedMap<Place, JobId> queue = queues.get(key);
        if (queue == null || !queue.containsKey(Place.of(job))) {
            return queues;
        }
        PSortedMap<Place, JobId> rest = queue.minus(Place.of(job));
        return rest.isEmpty() ? queues.minus(key) : queues.plus(key, rest);
    }

    /** Two are equal when they hold the same things, and find them the same way. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof State state && parts().equals(state.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    @Override
    public String toString() {
        return "State" + parts();
    }

    private List<Object> parts() {
        return List.of(
                targets,
                nodes,
                nodesOf,
                jobs,
                waiting,
                placeable,
                preparing,
                images,
                missingImages,
                operations,
                operationOrder,
                limits,
                faults,
                families,
                instances,
                sequence);
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
        private PMap<TargetId, PSortedMap<Place, JobId>> waiting;
        private PMap<TargetId, PSortedMap<Place, JobId>> placeable;
        private PMap<ImageKey, PSortedMap<Place, JobId>> preparing;
        private PMap<ImageKey, Image> images;
        private PSet<ImageKey> missing;
        private PSortedMap<Long, Operation> operations;
        private PMap<OperationId, Long> order;
        private Limits limits;
        private PSortedMap<Long, Fault> faults;
        private Families families;
        private PSortedMap<TargetId, Instance> instances;
        private long sequence;

        Copy(State from) {
            targets = from.targets;
            nodes = from.nodes;
            nodesOf = from.nodesOf;
            jobs = from.jobs;
            waiting = from.waiting;
            placeable = from.placeable;
            preparing = from.preparing;
            images = from.images;
            missing = from.missingImages;
            operations = from.operations;
            order = from.operationOrder;
            limits = from.limits;
            faults = from.faults;
            families = from.families;
            instances = from.instances;
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

        Copy waiting(PMap<TargetId, PSortedMap<Place, JobId>> next) {
            waiting = next;
            return this;
        }

        Copy placeable(PMap<TargetId, PSortedMap<Place, JobId>> next) {
            placeable = next;
            return this;
        }

        Copy preparing(PMap<ImageKey, PSortedMap<Place, JobId>> next) {
            preparing = next;
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

        Copy limits(Limits next) {
            limits = next;
            return this;
        }

        Copy faults(PSortedMap<Long, Fault> next) {
            faults = next;
            return this;
        }

        Copy families(Families next) {
            families = next;
            return this;
        }

        Copy instances(PSortedMap<TargetId, Instance> next) {
            instances = next;
            return this;
        }

        Copy sequence(long seen) {
            sequence = Math.max(sequence, seen);
            return this;
        }

        State done() {
            return new State(
                    targets,
                    nodes,
                    nodesOf,
                    jobs,
                    waiting,
                    placeable,
                    preparing,
                    images,
                    missing,
                    operations,
                    order,
                    limits,
                    faults,
                    families,
                    instances,
                    sequence);
        }
    }
}
