package dev.malachite.engine;

import static dev.malachite.engine.Rule.must;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold after every batch, whatever was asked, seen or lost. Each rule is a method that says in its name what
 * it forbids; a rule of the engine's that is new gets a line in {@link #check}.
 */
final class Safety {

    /** Reading a state anew costs as much as it is large, so only every so many batches are compared with it. */
    private static final int COMPARED = 10;

    private final Set<JobId> ended = new HashSet<>();
    private final Parents parents = new Parents();
    private int batches;

    void check(State before, List<Change> changes, State after, Instant now) {
        terminalJobsDoNotMove(changes);
        parents.check(changes, after);
        countersNeverGoBack(before, after);
        for (Target target : after.targets()) {
            nodesStayWithinTheMaximum(before, after, target);
            deletionHasItsOperation(after, target);
            instanceHasItsRecord(after, target);
        }
        Set<NodeId> busy = new HashSet<>();
        for (Job job : after.jobs()) {
            jobHasTheNodesOfItsPhase(after, job, busy);
            jobEndsOnItsOwnNodesOnly(job);
            jobWaitsForNothingThatIsGone(after, job);
            jobCanBeExplained(after, job, now);
        }
        for (Node node : after.nodes()) {
            nodeRunsItsOneJob(after, node);
        }
        openOperationsHaveTheirTarget(after);
        for (Instance instance : after.instances()) {
            statesFollowTheTable(before, changes, instance);
            movingInstancesAwaitTheirMachine(after, instance);
            namesAreUniqueInTheirRegion(after, instance);
        }
        coresStayWithinTheQuota(before, changes);
        if (batches++ % COMPARED == 0) {
            changesLeadToTheState(before, changes, after);
            indexesAreThoseOfTheParts(after);
        }
    }

    private void terminalJobsDoNotMove(List<Change> changes) {
        for (Change change : changes) {
            Job moved = switch (change) {
                case Change.JobAdded added -> added.job();
                case Change.JobPut put -> put.job();
                case Change.JobEnded end -> end.job();
                case Change.TargetPut _,
                        Change.TargetRemoved _,
                        Change.InstancePut _,
                        Change.InstanceRemoved _,
                        Change.NodePut _,
                        Change.NodeRemoved _,
                        Change.ImagePut _,
                        Change.ImageForgotten _,
                        Change.OperationPut _,
                        Change.OperationForgotten _,
                        Change.FaultPut _,
                        Change.FaultRemoved _,
                        Change.LimitSet _,
                        Change.ParentAdded _,
                        Change.ParentPut _,
                        Change.ParentEnded _,
                        Change.ChildPut _,
                        Change.RunAdded _,
                        Change.Counted _ -> null;
            };
            if (moved != null) {
                must(!ended.contains(moved.id()), "a job moves after its end", moved.id(), change);
                must(
                        moved.phase().terminal() == change instanceof Change.JobEnded,
                        "a job has a phase that its change does not lead to",
                        moved.id(),
                        moved.phase(),
                        change);
                if (change instanceof Change.JobEnded) {
                    ended.add(moved.id());
                    jobSucceedsWhereAllOfItDid(moved);
                }
            }
        }
    }

    private static void jobSucceedsWhereAllOfItDid(Job job) {
        must(
                job.phase() != JobPhase.COMPLETED
                        || (job.exits().size() == job.nodeCount()
                                && job.exits().stream().allMatch(exit -> exit.code() == 0 && exit.kept())),
                "a job has succeeded though not all of it did",
                job);
    }

    /** Each node of an attempt ends once, and a waiting job has nothing that could have ended. */
    private static void jobEndsOnItsOwnNodesOnly(Job job) {
        must(
                job.exits().stream().map(Job.Exit::node).distinct().count()
                        == job.exits().size(),
                "a job has ended twice on a node",
                job);
        must(
                job.exits().stream().allMatch(exit -> job.nodes().contains(exit.node())),
                "a job has ended on a node that it does not have",
                job);
        must(
                job.exits().stream().noneMatch(Job.Exit::kept)
                        || job.stopping()
                        || job.exitCode().isPresent(),
                "what a job left is kept while it runs on",
                job);
    }

    private static void countersNeverGoBack(State before, State after) {
        must(after.sequence() >= before.sequence(), "the sequence goes back", after.sequence());
        for (Job job : after.jobs()) {
            int attempt = before.job(job.id()).map(Job::attempt).orElse(1);
            must(job.attempt() >= attempt, "a job goes back to an earlier attempt", job.id(), job.attempt());
        }
        for (Node node : after.nodes()) {
            int generation = before.node(node.id()).map(Node::generation).orElse(1);
            must(
                    node.generation() >= generation,
                    "a node goes back to an earlier generation",
                    node.id(),
                    node.generation());
        }
    }

    /** Leaving nodes count. A maximum that is lowered lets those stay that are there, but no node comes. */
    private static void nodesStayWithinTheMaximum(State before, State after, Target target) {
        int nodes = after.nodesOf(target.id()).size();
        int had = before.nodesOf(target.id()).size();
        must(
                nodes <= Math.max(target.scale().max(), had),
                "a target has more nodes than its maximum, and than it had",
                target.id(),
                nodes,
                target.scale().max(),
                had);
    }

    /**
     * A limit that is lowered lets those stay that are there, but nothing is added. An instance takes its cores when it is
     * asked for, so that what counts is the limit at that change, and not at the end of the batch.
     */
    private static void coresStayWithinTheQuota(State before, List<Change> changes) {
        State at = before;
        for (Change change : changes) {
            State next = at.apply(change);
            if (change instanceof Change.TargetPut || change instanceof Change.NodePut) {
                coresStayWithinTheQuota(at, next);
            }
            at = next;
        }
    }

    private static void coresStayWithinTheQuota(State before, State after) {
        for (QuotaKey key : after.quotasInUse()) {
            long used = after.used(key);
            long limit = QuotaRules.limit(after, key, false);
            must(
                    used <= Math.max(limit, before.used(key)),
                    "more cores are used than the quota allows, and than were used",
                    used,
                    key,
                    limit);
        }
    }

    private static void deletionHasItsOperation(State after, Target target) {
        must(target.deleting() == target.deletion().isPresent(), "a target is deleted by nobody", target.id());
        target.deletion()
                .ifPresent(operation -> must(
                        after.operation(operation)
                                .filter(begun -> !begun.done())
                                .isPresent(),
                        "a target is being deleted, but its operation is not under way",
                        target.id()));
    }

    private static void instanceHasItsRecord(State after, Target target) {
        must(
                target.instance() == after.instance(target.id()).isPresent()
                        || (target.instance() && target.deleting()),
                "an instance has no record of how it stands, or a cluster has one",
                target.id());
    }

    private static void statesFollowTheTable(State before, List<Change> changes, Instance instance) {
        InstanceState state =
                before.instance(instance.id()).map(Instance::state).orElse(InstanceState.CREATING);
        for (Change change : changes) {
            switch (change) {
                case Change.InstanceRemoved removed
                when removed.target().equals(instance.id()) -> state = InstanceState.CREATING;
                case Change.InstancePut put
                when put.instance().id().equals(instance.id()) -> {
                    InstanceState next = put.instance().state();
                    must(
                            next == state || state.next().contains(next),
                            "an instance goes where its state does not lead",
                            instance.id(),
                            state,
                            next);
                    state = next;
                }
                default -> {}
            }
        }
    }

    /** Whoever is on the way somewhere waits for something that will be told, and a client's operation ends with it. */
    private static void movingInstancesAwaitTheirMachine(State after, Instance instance) {
        must(
                instance.state().steady()
                        || instance.step() != Instance.Step.REST
                        || instance.state() == InstanceState.DELETING,
                "an instance is on the way and nothing moves it",
                instance);
        must(
                !instance.state().steady() || instance.operation().isEmpty(),
                "an instance has arrived and its operation goes on",
                instance);
        must(
                after.target(instance.id()).filter(Target::instance).isPresent(),
                "how an instance stands is known, but not what it is",
                instance.id());
    }

    private static void namesAreUniqueInTheirRegion(State after, Instance instance) {
        String region = after.target(instance.id()).orElseThrow().scope().location();
        must(
                after.instanceNamed(instance.id().name(), region).equals(Optional.of(instance.id())),
                "two instances have one name in a region",
                instance.id());
    }

    private static void openOperationsHaveTheirTarget(State after) {
        for (Operation operation : after.operations()) {
            must(
                    operation.done()
                            || after.target(operation.target())
                                    .flatMap(Target::deletion)
                                    .equals(Optional.of(operation.id()))
                            || after.instance(operation.target())
                                    .flatMap(Instance::operation)
                                    .equals(Optional.of(operation.id())),
                    "an operation can never end",
                    operation);
        }
    }

    private static void jobHasTheNodesOfItsPhase(State after, Job job, Set<NodeId> busy) {
        must(after.target(job.target()).isPresent(), "a job has no target", job.id());
        if (job.phase().waiting()) {
            must(job.nodes().isEmpty(), "a job waits, with nodes", job.id());
            return;
        }
        must(
                job.nodes().size() == job.nodeCount(),
                "a job has another number of nodes than it needs",
                job.id(),
                job.nodes().size());
        for (NodeId id : job.nodes()) {
            must(busy.add(id), "a node runs two jobs", id);
            if (after.node(id).isEmpty() && job.exit(id).filter(Job.Exit::kept).isPresent()) {
                continue; // nothing of it is there any more, and nothing is left to be kept
            }
            Node node = after.node(id).orElseThrow(() -> new AssertionError(job.id() + " runs on " + id + ", gone"));
            must(
                    node.target().equals(job.target()),
                    "a job has a node of another target",
                    job.id(),
                    job.target(),
                    node);
            must(
                    node.job().equals(Optional.of(job.id())),
                    "a node does not run the job that has it",
                    id,
                    node.job(),
                    job.id());
        }
    }

    private static void jobWaitsForNothingThatIsGone(State after, Job job) {
        for (NodeId id : job.after()) {
            must(after.node(id).isPresent(), "a job waits for a node that is gone", job.id(), id);
        }
    }

    private static void jobCanBeExplained(State after, Job job, Instant now) {
        must(!Explainer.explain(after, job, now).isBlank(), "nobody can say why a job waits", job.id());
    }

    private static void nodeRunsItsOneJob(State after, Node node) {
        must(after.target(node.target()).isPresent(), "a node belongs to nothing", node.id());
        if (node.phase() == NodePhase.RUNNING) {
            must(node.ready(), "a node runs a job and is not ready", node.id());
            must(
                    node.job()
                            .flatMap(after::job)
                            .filter(job -> job.nodes().contains(node.id()))
                            .isPresent(),
                    "a node runs a job that does not know",
                    node.id(),
                    node.job());
        } else if (node.usable()) {
            must(node.job().isEmpty(), "a node has a job that it does not run", node.id(), node.phase(), node.job());
        } else if (node.phase() == NodePhase.PREEMPTED) {
            must(after.jobOn(node).isPresent(), "an evicted node without a job does not leave", node);
        }
    }

    private static void changesLeadToTheState(State before, List<Change> changes, State after) {
        must(before.apply(changes).equals(after), "the changes lead elsewhere", changes);
    }

    /** What is kept to find things fast is what one would get who reads the parts anew, as a start does. */
    private static void indexesAreThoseOfTheParts(State after) {
        must(
                after.equals(State.empty().apply(after.changes().toList())),
                "an index of the state has drifted from its parts",
                after);
    }
}
