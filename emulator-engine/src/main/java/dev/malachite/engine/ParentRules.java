package dev.malachite.engine;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The life of a parent and what its children's lives have to do with it. What one child's end leads to is decided last of
 * all in a decision ({@link Draft#decide}): who ends several jobs must not find one of them ended by another's parent.
 */
final class ParentRules {

    private ParentRules() {}

    static Parent submit(Draft draft, Command.SubmitParent submit) {
        requireFree(draft, submit.id());
        Child child = requireWanted(draft, submit.id(), submit.parent()).orElse(null);
        Parent parent = new Parent(
                submit.id(),
                draft.nextSequence(),
                submit.plan(),
                JobPhase.PREPARING,
                Optional.empty(),
                draft.now(),
                Optional.empty(),
                null);
        draft.add(parent, submit.attachment());
        draft.tell(Event.of(
                parent,
                "job.preparing",
                "Job %s is accepted.".formatted(submit.id().run())));
        draft.look(parent.id());
        accepted(draft, child);
        return parent;
    }

    /** A run has one execution, be it a job or a parent. */
    static void requireFree(Draft draft, JobId id) {
        if (draft.state().job(id).isPresent() || draft.state().parent(id).isPresent()) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT, "Conflict", "A job named '%s' exists already.".formatted(id.run()));
        }
    }

    /**
     * The child that is meant, for one who submits it. Its parent may have lost interest meanwhile, and nobody else may
     * take its place.
     */
    static Optional<Child> requireWanted(Draft draft, JobId id, Optional<JobId> parent) {
        Optional<Child> child = draft.state().childOf(id);
        if (parent.isEmpty() && child.isPresent()) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "Conflict",
                    "'%s' is the name of a child of job '%s'."
                            .formatted(id.run(), child.get().parent().run()));
        }
        if (parent.isPresent()
                && child.filter(known -> known.parent().equals(parent.get()) && known.phase() == Child.Phase.WANTED)
                        .isEmpty()) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "Conflict",
                    "Job '%s' waits for no child '%s'.".formatted(parent.get().run(), id.run()));
        }
        return child;
    }

    /** A child is there now, and with the first of them its parent runs. */
    static void accepted(Draft draft, @Nullable Child child) {
        if (child == null) {
            return;
        }
        draft.put(child.phase(Child.Phase.LIVE, draft.now()));
        begun(draft, child.parent());
        draft.look(child.parent());
    }

    private static void begun(Draft draft, JobId id) {
        draft.state()
                .parent(id)
                .filter(parent -> parent.phase() == JobPhase.PREPARING)
                .ifPresent(parent -> {
                    draft.put(parent.running(draft.now()));
                    draft.tell(Event.of(parent, "job.running", "Its first child is there."));
                });
    }

    /** A child has come to its end without ever having run: it could not be submitted, or need not. */
    static void childEnded(Draft draft, Command.ChildEnded seen) {
        draft.state()
                .childOf(seen.run())
                .filter(child -> child.phase() == Child.Phase.WANTED)
                .ifPresent(child -> {
                    if (seen.attachment() != null) {
                        draft.addEnded(seen.run(), seen.how(), seen.error(), seen.attachment());
                    }
                    begun(draft, child.parent());
                    ended(draft, child, seen.how());
                    draft.tell(new Event(
                            "job." + seen.how().wire().toLowerCase(Locale.ROOT),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(seen.run()),
                            Optional.ofNullable(seen.error()).orElse("Its result was there already.")));
                });
    }

    /** Whatever ended the execution of a run: if it was a child, its parent is told. */
    static void ended(Draft draft, JobId run, JobPhase how) {
        draft.state().childOf(run).filter(child -> child.phase().open()).ifPresent(child -> ended(draft, child, how));
    }

    private static void ended(Draft draft, Child child, JobPhase how) {
        draft.put(child.phase(Child.Phase.of(how), draft.now()));
        draft.look(child.parent());
    }

    /** Its time may be up. */
    static void due(Draft draft, JobId id) {
        draft.state()
                .parent(id)
                .filter(parent -> parent.deadline()
                        .filter(end -> !end.isAfter(draft.now()))
                        .isPresent())
                .ifPresent(parent -> {
                    draft.tell(Event.of(parent, "job.overdue", "It has taken as long as it may."));
                    cancel(draft, parent);
                });
    }

    /** Cancels it with all of its children; one whose end is decided is left as it is. */
    static void cancel(Draft draft, Parent parent) {
        switch (parent.phase()) {
            case PREPARING, RUNNING -> {
                draft.put(parent.canceling());
                draft.tell(Event.of(parent, "job.stopping", "It is told to stop."));
                draft.look(parent.id());
            }
            case CANCEL_REQUESTED, FINALIZING, COMPLETED, FAILED, CANCELED -> {}
            case QUEUED, STARTING -> throw new IllegalStateException("no phase of a parent: " + parent.phase());
        }
    }

    /** Does what its plan wants, now that something has moved. */
    static void look(Draft draft, JobId id) {
        draft.state().parent(id).ifPresent(parent -> {
            Map<String, Child> children = draft.state().children(id);
            switch (parent.phase()) {
                case PREPARING, RUNNING -> follow(draft, parent, parent.plan().next(parent, children, draft.now()));
                case CANCEL_REQUESTED ->
                    follow(draft, parent, Plan.Next.end(JobPhase.CANCELED, null, List.copyOf(children.keySet())));
                case FINALIZING, COMPLETED, FAILED, CANCELED -> {}
                case QUEUED, STARTING -> throw new IllegalStateException("no phase of a parent: " + parent.phase());
            }
        });
    }

    private static void follow(Draft draft, Parent parent, Plan.Next next) {
        if (next.end().isEmpty()) {
            for (String name : next.start()) {
                Map<String, Child> known = draft.state().children(parent.id());
                if (!known.containsKey(name)) {
                    draft.put(parent.plan().child(parent, name, known, draft.now()));
                }
            }
        }
        for (String name : next.stop()) {
            Optional.ofNullable(draft.state().children(parent.id()).get(name)).ifPresent(child -> stop(draft, child));
        }
        Map<String, Child> now = draft.state().children(parent.id());
        if (next.end().isPresent()
                && now.values().stream().noneMatch(child -> child.phase().open())) {
            Plan.End end = next.end().get();
            draft.put(parent.finalizing(end.how(), end.error()));
            draft.tell(Event.of(parent, "job.finalizing", "None of its children is left to wait for."));
        }
    }

    private static void stop(Draft draft, Child child) {
        switch (child.phase()) {
            case WANTED -> ended(draft, child, JobPhase.CANCELED);
            case LIVE -> {
                draft.state()
                        .job(child.run())
                        .ifPresent(job -> JobRules.stop(draft, job, Job.StopReason.CANCELED_BY_USER));
                draft.state().parent(child.run()).ifPresent(nested -> cancel(draft, nested));
            }
            case COMPLETED, FAILED, CANCELED -> {}
        }
    }

    /** What was to be kept of it is kept: it leaves the state. */
    static void finished(Draft draft, JobId id) {
        draft.state()
                .parent(id)
                .filter(parent -> parent.phase() == JobPhase.FINALIZING)
                .ifPresent(parent -> {
                    Parent ended = parent.ended();
                    draft.end(
                            ended,
                            draft.state().children(id).values().stream()
                                    .map(Child::run)
                                    .toList());
                    draft.tell(Event.of(
                            ended,
                            "job." + ended.phase().wire().toLowerCase(Locale.ROOT),
                            Optional.ofNullable(ended.error()).orElse("All of its children have ended.")));
                });
    }
}
