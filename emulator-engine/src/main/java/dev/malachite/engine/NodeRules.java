package dev.malachite.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What follows from what happens to nodes. */
final class NodeRules {

    /** A job that has had this many attempts, evictions included, is not tried again when its node is lost. */
    private static final int MAX_ATTEMPTS_AFTER_LOSS = 5;

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
        });
    }

    /** The node could not be made: it leaves, the target says why, and the next try waits. */
    static void failed(Draft draft, NodeId id, int generation, String message) {
        current(draft, id, generation).ifPresent(node -> {
            if (node.phase() == NodePhase.LEAVING) {
                return;
            }
            draft.put(node.phase(NodePhase.LEAVING, draft.now()));
            // The image may be what is missing; having it ready again costs next to nothing when it is there.
            draft.put(Image.missing(node.image(), node.runtime()));
            draft.tell(Event.of(node, "node.failed", message));
            draft.state().target(node.target()).ifPresent(target -> {
                Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(target.failures(), LONGEST_RETRY_STEPS));
                draft.put(target.failed(
                        new TargetError("NodeAllocationFailed", message, draft.now()),
                        draft.now().plus(wait)));
            });
            jobOn(draft, node).ifPresent(job -> tryAgain(draft, job, id, message));
        });
    }

    /**
     * The node's container is gone or cannot be told from one that is: a job on it waits until the node has left for
     * certain, because its process may still run. What an ended job left is looked for all the same.
     */
    static void lost(Draft draft, NodeId id, int generation, String reason) {
        current(draft, id, generation).ifPresent(node -> {
            Optional<Job> job = jobOn(draft, node);
            draft.tell(Event.of(node, "node.lost", reason));
            if (job.flatMap(Job::exitCode).isPresent()) {
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

    static Node evict(Draft draft, NodeId id) {
        Node node = draft.state()
                .node(id)
                .orElseThrow(() ->
                        new Refusal(Refusal.Kind.NOT_FOUND, "NodeNotFound", "Node '%s' was not found.".formatted(id)));
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
        Node preempted = node.phase(NodePhase.PREEMPTED, draft.now());
        draft.put(preempted);
        draft.tell(Event.of(node, "node.preempted", "Node %s is evicted.".formatted(id)));
        jobOn(draft, node).ifPresent(job -> {
            if (job.phase() == JobPhase.STARTING || job.phase() == JobPhase.RUNNING) {
                stopRanks(draft, job, id);
                draft.put(job.requeued(List.of(id)));
                draft.tell(Event.of(
                        job,
                        "job.queued",
                        "Node %s was evicted; attempt %d follows.".formatted(id, job.attempt() + 1)));
            }
        });
        return preempted;
    }

    static void closed(Draft draft, NodeId id) {
        draft.state().node(id).ifPresent(node -> {
            draft.remove(node);
            draft.tell(Event.of(node, "node.gone", "Node %s has left.".formatted(id)));
            node.job()
                    .flatMap(draft.state()::job)
                    .filter(job -> job.after().contains(id))
                    .ifPresent(job -> draft.put(job.released(id)));
            jobOn(draft, node).ifPresent(job -> {
                if (job.exitCode().isPresent()) {
                    JobRules.end(draft, job, "What the job left was lost with node %s.".formatted(id));
                } else {
                    tryAgain(draft, job, id, "Node %s has left.".formatted(id));
                }
            });
        });
    }

    /** The job that the node runs now; one that has moved on to its next attempt is not meant. */
    private static Optional<Job> jobOn(Draft draft, Node node) {
        return node.job().flatMap(draft.state()::job).filter(job -> job.nodes().contains(node.id()));
    }

    /**
     * A job whose node is gone: a stopped one has stopped, any other is queued again, within bounds. Its next attempt
     * waits until the node has left, if it has not.
     */
    private static void tryAgain(Draft draft, Job job, NodeId gone, String reason) {
        if (job.stop().isPresent()) {
            JobRules.end(draft, job, reason);
        } else if (job.attempt() >= MAX_ATTEMPTS_AFTER_LOSS) {
            JobRules.end(draft, job, "%s Given up after %d attempts.".formatted(reason, job.attempt()));
        } else {
            stopRanks(draft, job, gone);
            draft.put(job.requeued(draft.state().node(gone).isPresent() ? List.of(gone) : List.of()));
            draft.tell(Event.of(job, "job.queued", "%s Attempt %d follows.".formatted(reason, job.attempt() + 1)));
        }
    }

    /** The other nodes of a job that starts again get fresh containers. */
    private static void stopRanks(Draft draft, Job job, NodeId but) {
        for (NodeId other : job.nodes()) {
            if (!other.equals(but)) {
                draft.state()
                        .node(other)
                        .filter(Node::usable)
                        .ifPresent(node -> draft.put(node.renewed(node.image(), draft.now())));
            }
        }
    }

    private static Optional<Node> current(Draft draft, NodeId id, int generation) {
        return draft.state().node(id).filter(node -> node.generation() == generation);
    }
}
