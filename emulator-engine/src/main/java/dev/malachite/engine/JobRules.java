package dev.malachite.engine;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The life of a job. */
final class JobRules {

    /** What counts as the exit code of a part that was never started. */
    private static final int REFUSED = 1;

    private JobRules() {}

    static Job submit(Draft draft, Command.SubmitJob submit) {
        submit.compute().ifPresent(made -> TargetRules.put(draft, made));
        ParentRules.requireFree(draft, submit.id());
        Child child =
                ParentRules.requireWanted(draft, submit.id(), submit.parent()).orElse(null);
        Target target = draft.state()
                .target(submit.target())
                .filter(found -> !found.deleting())
                .orElseThrow(() -> new Refusal(
                        Refusal.Kind.INVALID,
                        "UserError",
                        "Compute target '%s' does not exist."
                                .formatted(submit.target().name())));
        if (Fault.hasFailed(draft.state(), target.id())) {
            // The service's words (MachineLearningNotebooks#1043, #642).
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    "UserError",
                    "AzureMLCompute cluster %s is in failed state and thus not ready for runs"
                            .formatted(target.displayName()));
        }
        if (target.kind() instanceof ComputeKind.Elsewhere && target.scale().max() == 0) {
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    "UserError",
                    "Compute target '%s' is only known here: the emulator runs no jobs on it."
                            .formatted(target.displayName()));
        }
        if (target.instance() && submit.nodeCount() > 1) {
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    "UserError",
                    "The job needs %d nodes, but '%s' is a %s, which is a single node; use a cluster."
                            .formatted(
                                    submit.nodeCount(),
                                    target.displayName(),
                                    target.workplace() ? "compute instance" : "virtual machine"));
        }
        int most = target.scale().max();
        if (submit.nodeCount() > most) {
            throw new Refusal(
                    Refusal.Kind.INVALID,
                    "UserError",
                    "The job needs %d nodes at once, but '%s' has %d at most."
                            .formatted(submit.nodeCount(), target.displayName(), most));
        }
        Image image = draft.state().image(submit.image()).orElse(null);
        if (image == null) {
            image = Image.missing(submit.image(), target.nodeRuntime());
            draft.put(image);
        }
        // The target's and the image's own names, so that a hundred thousand jobs share them.
        Job job = new Job(
                submit.id(),
                target.id(),
                draft.nextSequence(),
                submit.priority(),
                image.ready() ? JobPhase.QUEUED : JobPhase.PREPARING,
                1,
                image.key(),
                submit.nodeCount(),
                submit.serving(),
                submit.maxRun(),
                List.of(),
                List.of(),
                draft.now(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                null,
                FaultRules.number(draft, target));
        draft.add(job, submit.attachment());
        draft.tell(Event.of(
                job,
                image.ready() ? "job.queued" : "job.preparing",
                "Job " + submit.id().run() + " is accepted."));
        ParentRules.accepted(draft, child);
        return job;
    }

    static Done cancel(Draft draft, JobId id) {
        draft.state().job(id).ifPresent(job -> stop(draft, job, Job.StopReason.CANCELED_BY_USER));
        draft.state().parent(id).ifPresent(parent -> ParentRules.cancel(draft, parent));
        return Done.DONE;
    }

    /** Stops a job wherever it is: one without a process has ended at once. */
    static void stop(Draft draft, Job job, Job.StopReason reason) {
        switch (job.phase()) {
            case PREPARING, QUEUED -> {
                draft.end(job.ended(JobPhase.CANCELED, null));
                draft.tell(Event.of(job, "job.canceled", "It had not begun."));
                forgetUnwanted(draft, job);
            }
            case STARTING, RUNNING -> {
                draft.put(job.stopping(reason));
                draft.tell(Event.of(job, "job.stopping", "It is told to stop."));
            }
            case CANCEL_REQUESTED, FINALIZING, COMPLETED, FAILED, CANCELED -> {}
        }
    }

    /**
     * An image that nobody else waits for need not be made. Other jobs need not be looked through: one on a node is seen
     * by the node's image, and one in the queue gets a node, which asks for its image.
     */
    private static void forgetUnwanted(Draft draft, Job canceled) {
        ImageKey image = canceled.image();
        if (canceled.phase() == JobPhase.PREPARING
                && !draft.state().isAwaited(image)
                && draft.state().nodes().stream().noneMatch(node -> node.image().equals(image))) {
            draft.forget(image);
        }
    }

    static void started(Draft draft, JobId id, int attempt) {
        draft.state()
                .job(id)
                .filter(job -> job.attempt() == attempt && job.phase() == JobPhase.STARTING)
                .ifPresent(job -> {
                    draft.put(job.running(draft.now()));
                    draft.tell(Event.of(job, "job.running", "Attempt " + attempt + " runs."));
                });
    }

    /** Of several nodes the others may run already: they stop, and what they left is kept. */
    static void refused(Draft draft, Command.JobRefused refused) {
        NodeId node = refused.node();
        draft.state()
                .job(refused.id())
                .filter(job -> job.attempt() == refused.attempt()
                        && job.nodes().contains(node)
                        && job.exit(node).isEmpty())
                .ifPresent(job -> proceed(
                        draft,
                        job.exited(new Job.Exit(node, REFUSED, false)).kept(node, refused.message()),
                        refused.message()));
    }

    static void exited(Draft draft, NodeId nodeId, int generation, int exitCode) {
        draft.state()
                .node(nodeId)
                .filter(node -> node.generation() == generation)
                .flatMap(node -> node.job().flatMap(draft.state()::job))
                .filter(job -> job.nodes().contains(nodeId) && job.exit(nodeId).isEmpty())
                .ifPresent(job -> {
                    // The observation of the start may still be on its way.
                    Job ran = job.phase() == JobPhase.STARTING ? job.running(draft.now()) : job;
                    draft.put(ran.exited(new Job.Exit(nodeId, counted(job, exitCode), false)));
                    draft.tell(Event.of(
                            job,
                            "job.exited",
                            job.nodeCount() == 1
                                    ? "Its process ended with " + exitCode + "."
                                    : "Its part on node " + nodeId + " ended with " + exitCode + "."));
                });
    }

    static void collected(Draft draft, Command.JobCollected collected) {
        NodeId node = collected.node();
        draft.state()
                .job(collected.id())
                .filter(job -> job.attempt() == collected.attempt()
                        && job.exitCode().isPresent()
                        && job.exit(node).filter(exit -> !exit.kept()).isPresent())
                .ifPresent(job -> proceed(draft, job.kept(node, collected.error()), collected.error()));
    }

    /** A part of a job that is to stop is gone, before it was told or meanwhile: that node has nothing more to say. */
    static void lost(Draft draft, Job job, NodeId node, String reason) {
        proceed(draft, job.exited(new Job.Exit(node, counted(job, Job.SIGKILL), true)), reason);
    }

    /**
     * All that it was to do is done when one of its nodes goes: what still serves has no use any more, and is ended with the
     * job. What those that have done it left is still kept, but for the one that is gone.
     */
    static void over(Draft draft, Job job, NodeId gone, String reason) {
        Job all = job;
        for (NodeId node : job.nodes()) {
            if (all.exit(node).isEmpty()) {
                all = all.exited(new Job.Exit(node, 0, true));
            }
        }
        boolean lost = all.exit(gone).filter(exit -> !exit.kept()).isPresent();
        proceed(draft, lost ? all.kept(gone, reason) : all, reason);
    }

    /** What ends after those that it served has done its part: its exit code says only how it was stopped. */
    private static int counted(Job job, int exitCode) {
        return job.served() ? 0 : exitCode;
    }

    /** It has ended everywhere, and what it left on that node is lost: there is nothing to be kept of it. */
    static void forgone(Draft draft, Job job, NodeId node, String reason) {
        proceed(draft, job.kept(node, reason), reason);
    }

    private static void proceed(Draft draft, Job job, String reason) {
        if (!job.settled()) {
            draft.put(job);
        } else if (job.interrupted()) {
            NodeRules.preempted(draft, job);
        } else {
            end(draft, job, job.error() == null ? reason : job.error());
        }
    }

    /** The terminal phase follows from why it was stopped and how it exited; its nodes get fresh containers. */
    static void end(Draft draft, Job job, String reported) {
        JobPhase how = outcome(job);
        String error = job.stop().equals(Optional.of(Job.StopReason.TIMED_OUT)) ? tooLong(job) : reported;
        draft.end(job.ended(how, how == JobPhase.FAILED ? error : null));
        for (NodeId id : job.nodes()) {
            draft.state()
                    .node(id)
                    .filter(node -> node.job().equals(Optional.of(job.id())))
                    .ifPresent(node -> NodeRules.free(draft, node));
        }
        draft.tell(Event.of(
                job,
                "job." + how.wire().toLowerCase(Locale.ROOT),
                how == JobPhase.FAILED ? error : "Attempt " + job.attempt() + " has ended."));
    }

    private static String tooLong(Job job) {
        return job.maxRun()
                .map(most -> "The run was stopped because it exceeded its maximum duration of %d s."
                        .formatted(most.toSeconds()))
                .orElse("The run was stopped because it exceeded the longest time that a run may take.");
    }

    private static JobPhase outcome(Job job) {
        if (job.stop().isPresent() && !job.stop().get().eviction()) {
            return job.stop().get() == Job.StopReason.TIMED_OUT ? JobPhase.FAILED : JobPhase.CANCELED;
        }
        return job.exitCode().equals(Optional.of(0)) ? JobPhase.COMPLETED : JobPhase.FAILED;
    }
}
