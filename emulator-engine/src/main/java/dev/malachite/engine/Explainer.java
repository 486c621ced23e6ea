package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Says in one sentence, with numbers, why a job waits. Pure; asked when somebody wants to know. */
public final class Explainer {

    private Explainer() {}

    /** Why the job is not running, or what it does. */
    public static String explain(State state, Job job, Instant now) {
        return switch (job.phase()) {
            case PREPARING -> "Its image is being made since %s.".formatted(seconds(job.submitted(), now));
            case QUEUED -> queued(state, job, now);
            case STARTING ->
                "Attempt %d starts on %s.".formatted(job.attempt(), job.nodes().getFirst());
            case RUNNING ->
                "Attempt %d runs on %s since %s."
                        .formatted(
                                job.attempt(),
                                job.nodes().getFirst(),
                                seconds(job.attemptStarted().orElse(now), now));
            case CANCEL_REQUESTED -> "It has been told to stop.";
            case FINALIZING -> "Its process has ended; its outputs are being kept.";
            case COMPLETED, FAILED, CANCELED -> "It has ended.";
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
        int ahead = 0;
        for (Job other : state.waiting(job.target())) {
            if (other.id().equals(job.id())) {
                break;
            }
            ahead++;
        }
        Collection<Node> nodes = state.nodesOf(job.target());
        long busy =
                nodes.stream().filter(node -> node.phase() == NodePhase.RUNNING).count();
        String place = ahead == 0 ? "It is next" : "%d job%s before it".formatted(ahead, ahead == 1 ? " is" : "s are");
        if (!target.errors().isEmpty()) {
            return "%s; the last node could not be made: %s"
                    .formatted(place, target.errors().getFirst().message());
        }
        Node preparing = nodes.stream()
                .filter(node -> node.usable() && !node.ready())
                .findFirst()
                .orElse(null);
        if (preparing != null && ahead < nodes.size()) {
            return "%s; node %s is being prepared since %s."
                    .formatted(place, preparing.id(), seconds(preparing.since(), now));
        }
        int max = target.scale().max();
        if (max == 0) {
            return "Its cluster is limited to 0 nodes; raise the maximum.";
        }
        return nodes.size() >= max
                ? "%s; the cluster is at its maximum of %d node%s, %d of them busy."
                        .formatted(place, max, max == 1 ? "" : "s", busy)
                : "%s; it needs %d node%s, the cluster has %d of at most %d."
                        .formatted(place, job.nodeCount(), job.nodeCount() == 1 ? "" : "s", nodes.size(), max);
    }

    private static String seconds(Instant since, Instant now) {
        return Math.max(0, Duration.between(since, now).toSeconds()) + " s";
    }
}
