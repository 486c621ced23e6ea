package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** Says in one sentence, with numbers, why a job waits. Pure; asked when somebody wants to know. */
public final class Explainer {

    /** A list of runs is explained run by run; a long queue must not be walked for each. */
    private static final int MOST_COUNTED = 1000;

    private Explainer() {}

    /** Why the job is not running, or what it does. */
    public static String explain(State state, Job job, Instant now) {
        return switch (job.phase()) {
            case PREPARING -> "Its image is being made since %s.".formatted(seconds(job.submitted(), now));
            case QUEUED -> queued(state, job, now);
            case STARTING -> "Attempt %d starts on %s.".formatted(job.attempt(), place(job));
            case RUNNING ->
                "Attempt %d %s on %s since %s."
                        .formatted(
                                job.attempt(),
                                job.stop().isPresent()
                                        ? "is evicted; it runs"
                                        : job.failure().isPresent() ? "has failed on a node; it ends" : "runs",
                                place(job),
                                seconds(job.attemptStarted().orElse(now), now));
            case CANCEL_REQUESTED -> "It has been told to stop.";
            case FINALIZING -> "Its process has ended; its outputs are being kept.";
            case COMPLETED, FAILED, CANCELED -> "It has ended.";
        };
    }

    private static String place(Job job) {
        String first = job.nodes().getFirst().value();
        return job.nodeCount() == 1 ? first : "%s and %d more".formatted(first, job.nodeCount() - 1);
    }

    /** What a parent waits for. */
    public static String explain(State state, Parent parent) {
        return switch (parent.phase()) {
            case PREPARING, RUNNING -> parent.plan().explain(state.children(parent.id()));
            case CANCEL_REQUESTED ->
                "It has been told to stop; %d of its children have not ended."
                        .formatted(state.children(parent.id()).values().stream()
                                .filter(child -> child.phase().open())
                                .count());
            case FINALIZING -> "Its children have ended; what they made is being kept.";
            case COMPLETED, FAILED, CANCELED -> "It has ended.";
            case QUEUED, STARTING -> throw new IllegalStateException("no phase of a parent: " + parent.phase());
        };
    }

    private static String queued(State state, Job job, Instant now) {
        Target target = state.target(job.target()).orElse(null);
        if (target == null) {
            return "Its compute target is gone.";
        }
        if (!job.after().isEmpty()) {
            return "Attempt %d waits until node %s of the attempt before is gone."
                    .formatted(job.attempt(), job.after().getFirst());
        }
        Optional<InstanceState> power =
                state.instance(target.id()).map(Instance::state).filter(found -> found != InstanceState.RUNNING);
        if (power.isPresent()) {
            return instance(power.get());
        }
        int max = target.scale().max();
        if (max == 0) {
            return "Its cluster is limited to 0 nodes; raise the maximum.";
        }
        if (job.nodeCount() > max) {
            return "It needs %s at once, but the cluster's maximum is %d now; raise it or cancel the job."
                    .formatted(count(job.nodeCount()), max);
        }
        int ahead = ahead(state, job);
        String place = switch (ahead) {
            case 0 -> "It is next";
            case 1 -> "1 job is before it";
            case MOST_COUNTED -> "%d jobs or more are before it".formatted(MOST_COUNTED);
            default -> "%d jobs are before it".formatted(ahead);
        };
        return place + "; " + obstacle(state, target, job, ahead, now);
    }

    private static String instance(InstanceState state) {
        return switch (state) {
            case STOPPED -> "The instance is stopped; start it.";
            case CREATE_FAILED, SETUP_FAILED, UNUSABLE ->
                "The instance is in state %s; see its errors, and restart it or make it anew.".formatted(state.wire());
            case CREATING, DELETING, RESTARTING, RESIZING, SETTING_UP, STARTING, STOPPING, RUNNING ->
                "The instance is in state %s; its jobs wait until it runs.".formatted(state.wire());
        };
    }

    private static int ahead(State state, Job job) {
        int ahead = 0;
        for (Job other : state.waiting(job.target())) {
            if (other.id().equals(job.id()) || ahead == MOST_COUNTED) {
                break;
            }
            ahead++;
        }
        return ahead;
    }

    /** What the head of the queue waits for. */
    private static String obstacle(State state, Target target, Job job, int ahead, Instant now) {
        if (target.starved()) {
            Optional<QuotaRules.Shortage> shortage = QuotaRules.shortage(state, target);
            if (shortage.isPresent()) {
                QuotaRules.Shortage cores = shortage.get();
                return "quota: %d of %d cores of %s are used, a node needs %d."
                        .formatted(cores.used(), cores.limit(), cores.key().family(), cores.wanted());
            }
        }
        if (!target.errors().isEmpty()) {
            return "the last node could not be made: %s%s"
                    .formatted(
                            target.errors().getFirst().message(),
                            target.retryAt()
                                    .map(at -> " The next try is in %s.".formatted(seconds(now, at)))
                                    .orElse(""));
        }
        Collection<Node> nodes = state.nodesOf(job.target());
        Node preparing = nodes.stream()
                .filter(node -> node.usable() && !node.ready())
                .findFirst()
                .orElse(null);
        if (preparing != null && ahead < nodes.size()) {
            return "node %s is being prepared since %s.".formatted(preparing.id(), seconds(preparing.since(), now))
                    + preparing
                            .heldUntil()
                            .map(until -> " A fault holds it back for another %s.".formatted(seconds(now, until)))
                            .orElse("");
        }
        if (job.nodeCount() > 1) {
            return "it waits for %s at once, %d of %d are free."
                    .formatted(count(job.nodeCount()), count(nodes, NodePhase.IDLE), nodes.size());
        }
        int max = target.scale().max();
        boolean machine =
                target.kind() instanceof ComputeKind.MadeMachine || target.kind() instanceof ComputeKind.VirtualMachine;
        if (machine && nodes.size() >= max) {
            return "the machine runs one job at a time.";
        }
        if (target.instance() && nodes.size() >= max) {
            return "the instance runs %d jobs at once, one for each core, and has %d."
                    .formatted(max, count(nodes, NodePhase.RUNNING));
        }
        String all = nodes.size() >= max
                ? "the cluster is at its maximum of %s, %d of them busy"
                        .formatted(count(max), count(nodes, NodePhase.RUNNING))
                : "it needs %s, the cluster has %d of at most %d".formatted(count(job.nodeCount()), nodes.size(), max);
        long unusable = count(nodes, NodePhase.UNUSABLE);
        return unusable == 0 ? all + "." : "%s, %d unusable.".formatted(all, unusable);
    }

    private static long count(Collection<Node> nodes, NodePhase phase) {
        return nodes.stream().filter(node -> node.phase() == phase).count();
    }

    private static String count(int nodes) {
        return nodes == 1 ? "1 node" : nodes + " nodes";
    }

    private static String seconds(Instant since, Instant now) {
        return Math.max(0, Duration.between(since, now).toSeconds()) + " s";
    }
}
