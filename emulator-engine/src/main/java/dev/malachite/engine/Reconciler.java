package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Brings one target nearer to what its queue and its bounds want: places jobs, adds nodes, lets idle ones leave. Pure;
 * asked for each target that a batch touched and whenever one's wake-up time has come. Its reply is the time at which the
 * target must be looked at again though nothing happens.
 */
public final class Reconciler {

    private final Draft draft;
    private final TargetId id;
    private final List<Node> free = new ArrayList<>();
    private final List<Node> coming = new ArrayList<>();
    private Optional<Instant> wake = Optional.empty();
    private Optional<String> starving = Optional.empty();
    private boolean mayGrow;
    private int room;

    /** No slot below it is free; nodes only come while a target is looked at. */
    private int firstFree;

    private Reconciler(Draft draft, TargetId id) {
        this.draft = draft;
        this.id = id;
    }

    /** The target after a look at it; a target that is gone needs nothing. */
    public static Decision<Optional<Instant>> reconcile(State state, TargetId id, Instant now) {
        Draft draft = new Draft(state, now);
        Reconciler reconciler = new Reconciler(draft, id);
        state.target(id).ifPresent(reconciler::run);
        return draft.decide(reconciler.wake);
    }

    private void run(Target target) {
        if (target.deleting()) {
            emptyOut();
        } else if (target.onlyFor()
                .filter(job -> draft.state().job(job).isEmpty())
                .isPresent()) {
            TargetRules.retire(draft, target);
            emptyOut();
        } else if (draft.state()
                .instance(id)
                .filter(instance -> !instance.running())
                .isPresent()) {
            enforceDeadlines(target);
            emptyOut();
        } else {
            enforceDeadlines(target);
            takeAway(target);
            letGoOfHeld();
            Scale scale = target.scale();
            takeStock(scale);
            shed(scale);
            mayGrow = target.retryAt().map(at -> !at.isAfter(draft.now())).orElse(true);
            if (!mayGrow) {
                target.retryAt().ifPresent(this::wakeAt);
            }
            serveQueue();
            keepMinimum(scale);
            shrink(scale);
            noteStarving();
            InstanceRules.watch(draft, target).ifPresent(this::wakeAt);
        }
        letGoOfEvicted();
        askForImages();
        noteResizing();
    }

    /** An evicted node on which no job has a grace period any more leaves. */
    private void letGoOfEvicted() {
        for (Node node : nodes()) {
            if (node.phase() == NodePhase.PREEMPTED && draft.state().jobOn(node).isEmpty()) {
                draft.put(node.phase(NodePhase.LEAVING, draft.now()));
            }
        }
    }

    /** A node that needs an image which nobody knows of any more (its building failed, for others) asks for it anew. */
    private void askForImages() {
        for (Node node : nodes()) {
            boolean needs = node.usable() && (!node.ready() || node.job().isPresent());
            if (needs && draft.state().image(node.image()).isEmpty()) {
                draft.put(Image.missing(node.image(), node.runtime()));
            }
        }
    }

    private void emptyOut() {
        for (Node node : nodes()) {
            if (node.phase() == NodePhase.UNUSABLE
                    || (node.usable() && node.job().isEmpty())) {
                draft.put(node.phase(NodePhase.LEAVING, draft.now()));
            }
        }
    }

    private void enforceDeadlines(Target target) {
        for (Node node : nodes()) {
            Job job = node.job().flatMap(draft.state()::job).orElse(null);
            Instant deadline =
                    job == null ? null : job.deadline(target.jobLifetime()).orElse(null);
            if (job == null || deadline == null) {
                continue;
            }
            if (deadline.isAfter(draft.now())) {
                wakeAt(deadline);
            } else {
                JobRules.stop(draft, job, Job.StopReason.TIMED_OUT);
            }
        }
    }

    /** Evicts the nodes whose time has come, by a wish or by a rule. */
    private void takeAway(Target target) {
        if (!target.evictable()) {
            return;
        }
        for (Node node : nodes()) {
            if (!node.usable()) {
                continue;
            }
            if (node.eviction().isEmpty()) {
                followRules(node);
            }
            Node now = draft.state().node(node.id()).orElse(node);
            Instant due = now.eviction().map(Eviction::due).orElse(null);
            if (due == null || !now.usable()) {
                continue;
            }
            if (due.isAfter(draft.now())) {
                wakeAt(due);
            } else {
                NodeRules.preempt(draft, now);
            }
        }
    }

    private void followRules(Node node) {
        node.job()
                .flatMap(draft.state()::job)
                .filter(job -> job.phase() == JobPhase.RUNNING && job.stop().isEmpty())
                .flatMap(job -> FaultRules.eviction(draft, job, node.id()))
                .ifPresent(due -> {
                    if (due.notice().isAfter(draft.now())) {
                        wakeAt(due.notice());
                    } else {
                        FaultRules.evict(draft, node, due);
                    }
                });
    }

    private void letGoOfHeld() {
        for (Node node : nodes()) {
            node.heldUntil().ifPresent(until -> {
                if (until.isAfter(draft.now())) {
                    wakeAt(until);
                } else {
                    draft.put(node.held(Optional.empty()));
                }
            });
        }
    }

    private void takeStock(Scale scale) {
        Collection<Node> nodes = nodes();
        room = scale.max() - nodes.size();
        for (Node node : nodes) {
            if (node.phase() == NodePhase.IDLE && node.ready()) {
                free.add(node);
            } else if (node.phase() == NodePhase.IDLE || node.phase() == NodePhase.PREPARING) {
                coming.add(node);
            }
        }
    }

    /** Nodes above the maximum leave as soon as they run nothing, whatever waits: the cluster was told to be smaller. */
    private void shed(Scale scale) {
        long tooMany = nodes().stream().filter(Node::usable).count() - scale.max();
        for (List<Node> from : List.of(coming, free)) {
            while (tooMany > 0 && !from.isEmpty()) {
                Node node = from.removeLast();
                draft.put(node.phase(NodePhase.LEAVING, draft.now()));
                draft.tell(Event.of(node, "node.leaving", "The cluster has more nodes than its maximum."));
                tooMany--;
            }
        }
    }

    /**
     * The queue in its order, but for jobs that cannot be placed yet, however many: a job that needs several nodes gets all
     * or none, and no later one overtakes it. What is left in {@code free} and {@code coming} afterwards nobody waits for.
     */
    private void serveQueue() {
        for (Job job : draft.state().placeable(id)) {
            if (room <= 0 && free.isEmpty() && coming.isEmpty()) {
                return;
            }
            List<Node> fitting =
                    take(free, job.nodeCount(), node -> node.image().equals(job.image()));
            if (fitting.size() == job.nodeCount()) {
                assign(job, fitting);
                continue;
            }
            int missing = job.nodeCount() - fitting.size();
            missing -= take(coming, missing, node -> node.image().equals(job.image()))
                    .size();
            missing -= refit(job, missing);
            while (missing > 0 && room > 0 && addNode(job.image())) {
                missing--;
            }
            missing -= take(coming, missing, node -> true).size();
            if (missing > 0) {
                return;
            }
        }
    }

    private void assign(Job job, List<Node> nodes) {
        for (Node node : nodes) {
            draft.put(node.running(job.id(), draft.now()));
        }
        draft.put(job.assigned(nodes.stream().map(Node::id).toList()));
        draft.tell(Event.of(
                job,
                "job.starting",
                "Attempt " + job.attempt() + " starts on " + nodes.getFirst().id() + "."));
    }

    /** Idle nodes that wait with another image are given the one that is needed. */
    private int refit(Job job, int wanted) {
        List<Node> others = take(free, wanted, node -> true);
        for (Node node : others) {
            draft.put(node.renewed(job.image(), node.since()));
        }
        return others.size();
    }

    private void keepMinimum(Scale scale) {
        long usable = nodes().stream().filter(Node::usable).count();
        ImageKey image = nodes().stream()
                .map(Node::image)
                .findFirst()
                .orElseGet(() -> Engine.defaultImage(
                        draft.state().target(id).orElseThrow().nodeRuntime()));
        while (usable < scale.min() && room > 0 && addNode(image)) {
            usable++;
        }
    }

    /** Whether there is one more node now; if not, the target says why, and nothing more is tried in this look at it. */
    private boolean addNode(ImageKey image) {
        if (!mayGrow) {
            return false;
        }
        Target target = draft.state().target(id).orElseThrow();
        starving = QuotaRules.shortage(draft.state(), target).map(QuotaRules.Shortage::message);
        if (starving.isPresent()) {
            mayGrow = false;
            return false;
        }
        Fault.AllocationFailure failure =
                FaultRules.allocationFailure(draft, id).orElse(null);
        if (failure != null) {
            NodeRules.allocationFailed(draft, target, failure.code(), failure.message());
            draft.state().target(id).flatMap(Target::retryAt).ifPresent(this::wakeAt);
            mayGrow = false;
            return false;
        }
        Optional<Instant> held = FaultRules.heldUntil(draft, id);
        held.ifPresent(this::wakeAt);
        Node node = new Node(
                new NodeId("tvm-%06d".formatted(draft.nextSequence())),
                id,
                freeSlot(),
                target.nodeRuntime(),
                NodePhase.PREPARING,
                1,
                false,
                image,
                Optional.empty(),
                draft.now(),
                held,
                Optional.empty(),
                Optional.empty());
        draft.put(target.withNodesMade(target.nodesMade() + 1));
        draft.put(node);
        draft.tell(Event.of(node, "node.preparing", "Node %s is being made.".formatted(node.id())));
        room--;
        return true;
    }

    /** Whoever wants more cores than it may have says so for as long as that is so. */
    private void noteStarving() {
        Target target = draft.state().target(id).orElseThrow();
        if (starving.isPresent()) {
            String message = starving.get();
            boolean said =
                    target.errors().stream().anyMatch(error -> error.message().equals(message));
            if (!said) {
                draft.put(target.without(new TargetError(TargetError.QUOTA, message, draft.now())));
                draft.tell(Event.of(target, "target.starving", message));
            }
        } else if (target.starved()) {
            draft.put(target.healthy());
        }
    }

    private int freeSlot() {
        while (draft.state().nodeAt(id, firstFree).isPresent()) {
            firstFree++;
        }
        return firstFree;
    }

    /** Nodes that nobody waits for leave one by one, each once it has been idle long enough without a break. */
    private void shrink(Scale scale) {
        long usable = nodes().stream().filter(Node::usable).count();
        List<Node> idle = new ArrayList<>(coming);
        idle.addAll(free);
        idle.sort((a, b) -> Integer.compare(b.slot(), a.slot()));
        for (Node node : idle) {
            if (usable <= scale.min()) {
                return;
            }
            if (node.phase() != NodePhase.IDLE) {
                continue;
            }
            Instant until = node.since().plus(scale.idle());
            if (until.isAfter(draft.now())) {
                wakeAt(until);
            } else {
                draft.put(node.phase(NodePhase.LEAVING, draft.now()));
                draft.tell(Event.of(
                        node, "node.leaving", "Idle for %s.".formatted(Duration.between(node.since(), draft.now()))));
                usable--;
            }
        }
    }

    private void noteResizing() {
        draft.state().target(id).ifPresent(target -> {
            boolean resizing = nodes().stream()
                    .anyMatch(node -> node.phase() == NodePhase.PREPARING || node.phase() == NodePhase.LEAVING);
            if (resizing != target.resizing()) {
                draft.put(target.resizing(resizing, draft.now()));
            }
        });
    }

    /** As of now: what is put meanwhile does not show in it. */
    private Collection<Node> nodes() {
        return draft.state().nodesOf(id);
    }

    private void wakeAt(Instant at) {
        wake = Optional.of(wake.filter(earlier -> earlier.isBefore(at)).orElse(at));
    }

    private static List<Node> take(List<Node> from, int most, Predicate<Node> which) {
        List<Node> taken = new ArrayList<>();
        for (Iterator<Node> nodes = from.iterator(); nodes.hasNext() && taken.size() < most; ) {
            Node node = nodes.next();
            if (which.test(node)) {
                taken.add(node);
                nodes.remove();
            }
        }
        return taken;
    }
}
