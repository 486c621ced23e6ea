package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What follows from what happens to nodes. */
final class NodeRules {

    /** A job that has had this many attempts, evictions included, is not tried again when its node is lost. */
    private static final int MAX_ATTEMPTS_AFTER_LOSS = 5;

    /** The service's own words (MachineLearningNotebooks#1242). */
    private static final String PREEMPTION_ERROR =
            "AzureMLCompute job failed.\nPreemptionError: Nodes of this job got pre-empted. Check if the run has failed or restarted.\nReason: Received pre-emption warning signal";

    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
    private static final int LONGEST_RETRY_STEPS = 5;

    private NodeRules() {}

    static void opened(Draft draft, NodeId id, int generation) {
        current(draft, id, generation).ifPresent(node -> {
            if (node.ready() || !node.usable()) {
                return;
            }
            draft.put(node.opened(draft.now()));
            draft.state()
                    .target(node.target())
                    .filter(target -> target.failures() > 0)
                    .ifPresent(target -> draft.put(target.healthy()));
            if (node.phase() == NodePhase.PREPARING) {
                draft.tell(Event.of(node, "node.ready", "Node %s is ready.".formatted(id)));
            }
            FaultRules.unusable(draft, node.target()).ifPresent(fault -> breakDown(draft, require(draft, id), fault));
        });
    }

    /** The node could not be made: it leaves, the target says why, and the next try waits. */
    static void failed(Draft draft, NodeId id, int generation, String message) {
        current(draft, id, generation).ifPresent(node -> {
            if (node.phase() == NodePhase.LEAVING || node.phase() == NodePhase.UNUSABLE) {
                return;
            }
            draft.put(node.phase(NodePhase.LEAVING, draft.now()));
            // The image may be what is missing; having it ready again costs next to nothing when it is there.
            draft.put(Image.missing(node.image(), node.runtime()));
            draft.tell(Event.of(node, "node.failed", message));
            draft.state()
                    .target(node.target())
                    .ifPresent(target -> allocationFailed(draft, target, "NodeAllocationFailed", message));
            draft.state().jobOn(node).ifPresent(job -> tryAgain(draft, job, id, message));
        });
    }

    /** The target says why it has no node, and the next try waits, the longer the more tries have failed. */
    static void allocationFailed(Draft draft, Target target, String code, String message) {
        Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(target.failures(), LONGEST_RETRY_STEPS));
        draft.put(target.failed(
                new TargetError(code, message, draft.now()), draft.now().plus(wait)));
        draft.tell(Event.of(target, "target.allocationFailed", message));
    }

    /**
     * The node's container is gone or cannot be told from one that is: a job on it waits until the node has left for
     * certain, because its process may still run. What an ended job left is looked for all the same, and a job that is to
     * stop anyway stops on its other nodes as it would have.
     */
    static void lost(Draft draft, NodeId id, int generation, String reason) {
        current(draft, id, generation).ifPresent(node -> {
            Optional<Job> job = draft.state().jobOn(node);
            draft.tell(Event.of(node, "node.lost", reason));
            if (job.flatMap(found -> found.exit(id)).isPresent()) {
                return;
            }
            if (job.filter(Job::stopping).isPresent()) {
                lostWhileStopping(draft, node, job.get(), reason);
                return;
            }
            if (node.usable()) {
                draft.put(
                        job.isPresent()
                                ? node.phase(NodePhase.LEAVING, draft.now())
                                : node.renewed(node.image(), draft.now()));
            }
            job.ifPresent(found -> tryAgain(draft, found, id, reason));
        });
    }

    private static void lostWhileStopping(Draft draft, Node node, Job job, String reason) {
        if (job.nodeCount() == 1 && node.usable()) {
            draft.put(node.phase(NodePhase.LEAVING, draft.now()));
        }
        JobRules.lost(draft, job, node.id(), reason);
    }

    static Node evict(Draft draft, Command.EvictNode evict) {
        NodeId id = evict.id();
        Node node = require(draft, id);
        Target target = draft.state().target(node.target()).orElseThrow();
        if (!target.evictable()) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "NodeNotEvictable",
                    "Node '%s' belongs to '%s', which is dedicated; only low-priority nodes are evicted."
                            .formatted(id, target.displayName()));
        }
        if (!node.usable()) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT, "NodeNotEvictable", "Node '%s' is already on its way out.".formatted(id));
        }
        Instant noticed = evict.at().filter(at -> at.isAfter(draft.now())).orElse(draft.now());
        evictBy(draft, node, new Eviction(noticed, noticed.plus(evict.notice()), evict.retry()), Optional.empty());
        return require(draft, id);
    }

    /** Takes the node away when its time has come: at once, or when the target is looked at then. */
    static void evictBy(Draft draft, Node node, Eviction eviction, Optional<FaultId> by) {
        Node noticed = node.evictedBy(eviction, by);
        draft.put(noticed);
        FaultRules.passed(draft, node);
        if (eviction.due().isAfter(draft.now())) {
            draft.tell(Event.of(
                    node,
                    "node.evicting",
                    "Node %s will be evicted at %s; code in it can know from %s on."
                            .formatted(node.id(), eviction.due(), eviction.noticed())));
        } else {
            preempt(draft, noticed);
        }
    }

    /** The notice has passed: the job is told to stop. What it makes of the grace period is its own. */
    static void preempt(Draft draft, Node node) {
        draft.put(node.phase(NodePhase.PREEMPTED, draft.now()));
        draft.tell(Event.of(node, "node.preempted", "Node %s is evicted.".formatted(node.id())));
        FaultRules.passed(draft, node);
        boolean retry = node.eviction().map(Eviction::retry).orElse(true);
        draft.state()
                .jobOn(node)
                .filter(job -> !job.stopping() && job.exitCode().isEmpty())
                .ifPresent(job -> {
                    draft.put(job.evicted(retry));
                    draft.tell(Event.of(
                            job, "job.preempted", "Node %s is evicted; it is told to stop.".formatted(node.id())));
                });
    }

    /** An evicted job's process was ended by the eviction, and what it left has been kept. */
    static void preempted(Draft draft, Job job) {
        again(draft, job, "Its node was evicted.");
    }

    /** A node whose job has ended gets a fresh container, or goes the way that it was going. */
    static void free(Draft draft, Node node) {
        switch (node.phase()) {
            case PREPARING, IDLE, RUNNING -> draft.put(node.renewed(node.image(), draft.now()));
            case PREEMPTED -> draft.put(node.phase(NodePhase.LEAVING, draft.now()));
            case LEAVING, UNUSABLE -> {}
        }
    }

    /** The node keeps its place, and its cores, until it is repaired; its job is tried again elsewhere. */
    static Node breakDown(Draft draft, NodeId id, String message) {
        Node node = require(draft, id);
        if (!node.usable()) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "NodeNotUsable",
                    "Node '%s' is %s already.".formatted(id, node.phase().name().toLowerCase(Locale.ROOT)));
        }
        return breakDown(draft, node, message, Optional.empty());
    }

    private static void breakDown(Draft draft, Node node, Fault fault) {
        if (fault.effect() instanceof Fault.NodeUnusable effect) {
            breakDown(draft, node, effect.message(), Optional.of(fault.id()));
        }
    }

    private static Node breakDown(Draft draft, Node node, String message, Optional<FaultId> by) {
        NodeId id = node.id();
        Node broken = node.broken(by, draft.now());
        draft.put(broken);
        draft.tell(Event.of(node, "node.unusable", message));
        String reason = "Node %s has become unusable.".formatted(id);
        draft.state().jobOn(node).filter(job -> job.exit(id).isEmpty()).ifPresent(job -> {
            if (job.stopping()) {
                JobRules.lost(draft, job, id, reason);
            } else {
                tryAgain(draft, job, id, reason);
            }
        });
        return broken;
    }

    static Node repair(Draft draft, NodeId id) {
        Node node = require(draft, id);
        if (node.phase() != NodePhase.UNUSABLE) {
            throw new Refusal(Refusal.Kind.CONFLICT, "NodeNotUnusable", "Node '%s' needs no repair.".formatted(id));
        }
        Node leaving = node.phase(NodePhase.LEAVING, draft.now());
        draft.put(leaving);
        draft.tell(Event.of(node, "node.repaired", "Node %s leaves, a fresh one may take its place.".formatted(id)));
        return leaving;
    }

    /** Whether it is unusable, or its eviction is only announced. */
    static boolean canUndo(Node node) {
        return node.phase() == NodePhase.UNUSABLE
                || (node.usable() && node.eviction().isPresent());
    }

    /** What a fault did to the node ends with it: an eviction that was only announced, or that it is unusable. */
    static void undo(Draft draft, Node node) {
        if (node.phase() == NodePhase.UNUSABLE) {
            repair(draft, node.id());
        } else if (canUndo(node)) {
            draft.put(node.spared());
            draft.tell(Event.of(node, "node.spared", "Node %s will not be evicted after all.".formatted(node.id())));
        }
    }

    static void closed(Draft draft, NodeId id) {
        draft.state().node(id).ifPresent(node -> {
            if (node.phase() == NodePhase.UNUSABLE) {
                draft.put(node.emptied());
            } else {
                draft.remove(node);
                FaultRules.passed(draft, node);
                draft.tell(Event.of(node, "node.gone", "Node %s has left.".formatted(id)));
            }
            node.job()
                    .flatMap(draft.state()::job)
                    .filter(job -> job.after().contains(id))
                    .ifPresent(job -> draft.put(job.released(id)));
            draft.state().jobOn(node).ifPresent(job -> {
                if (job.exitCode().isPresent()) {
                    JobRules.forgone(draft, job, id, "What the job left was lost with node %s.".formatted(id));
                } else {
                    tryAgain(draft, job, id, "Node %s has left.".formatted(id));
                }
            });
        });
    }

    /** A job whose node is gone: a stopped one has stopped, any other is queued again, within bounds. */
    private static void tryAgain(Draft draft, Job job, NodeId gone, String reason) {
        boolean evicted = job.stop().filter(Job.StopReason::eviction).isPresent();
        if (job.served()) {
            JobRules.over(draft, job, gone, reason);
        } else if (job.stopping() && !evicted) {
            JobRules.end(draft, job, reason);
        } else if (!evicted && job.attempt() >= MAX_ATTEMPTS_AFTER_LOSS) {
            JobRules.end(draft, job, "%s Given up after %d attempts.".formatted(reason, job.attempt()));
        } else {
            again(draft, job, reason);
        }
    }

    /**
     * Queues the job again, unless its eviction is its end. Its nodes leave, and the next attempt waits until all of them
     * have: only then is it certain that nothing of the attempt runs.
     */
    private static void again(Draft draft, Job job, String reason) {
        if (job.stop().equals(Optional.of(Job.StopReason.EVICTED_FOR_GOOD))) {
            JobRules.end(draft, job, PREEMPTION_ERROR);
            return;
        }
        List<NodeId> leaving = new ArrayList<>();
        for (NodeId id : job.nodes()) {
            Node node = draft.state().node(id).orElse(null);
            if (node == null) {
                continue;
            }
            leaving.add(id);
            if (node.usable() || node.phase() == NodePhase.PREEMPTED) {
                draft.put(node.phase(NodePhase.LEAVING, draft.now()));
            }
        }
        draft.put(job.requeued(leaving));
        draft.tell(Event.of(job, "job.queued", "%s Attempt %d follows.".formatted(reason, job.attempt() + 1)));
    }

    private static Node require(Draft draft, NodeId id) {
        return draft.state()
                .node(id)
                .orElseThrow(() ->
                        new Refusal(Refusal.Kind.NOT_FOUND, "NodeNotFound", "Node '%s' was not found.".formatted(id)));
    }

    private static Optional<Node> current(Draft draft, NodeId id, int generation) {
        return draft.state().node(id).filter(node -> node.generation() == generation);
    }
}
