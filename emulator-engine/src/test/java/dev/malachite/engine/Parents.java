package dev.malachite.engine;

import static dev.malachite.engine.Rule.must;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold of parents and their children after every batch. */
final class Parents {

    private final Set<JobId> ended = new HashSet<>();

    void check(List<Change> changes, State after) {
        endedOnesDoNotMove(changes);
        for (Parent parent : after.parents()) {
            must(!parent.phase().terminal(), "a parent has ended and stays", parent);
            must(after.job(parent.id()).isEmpty(), "a parent is a job too", parent.id());
            must(!Explainer.explain(after, parent).isBlank(), "nobody can say why a parent waits", parent.id());
            Map<String, Child> children = after.children(parent.id());
            children.values().forEach(child -> childIsWhereItSays(after, child));
            planIsFollowed(parent, children);
        }
    }

    private void endedOnesDoNotMove(List<Change> changes) {
        for (Change change : changes) {
            @Nullable
            JobId moved = switch (change) {
                case Change.ParentAdded added -> added.parent().id();
                case Change.ParentPut put -> put.parent().id();
                case Change.ParentEnded end -> end.parent().id();
                case Change.ChildPut put -> put.child().parent();
                case Change.RunAdded added -> added.run();
                case Change.JobAdded added -> added.job().id();
                default -> null;
            };
            must(moved == null || !ended.contains(moved), "a run moves after its end", change);
            if (change instanceof Change.ParentEnded end) {
                ended.add(end.parent().id());
            } else if (change instanceof Change.RunAdded added) {
                ended.add(added.run());
            }
        }
    }

    private static void childIsWhereItSays(State after, Child child) {
        boolean lives =
                after.job(child.run()).isPresent() || after.parent(child.run()).isPresent();
        must(lives == (child.phase() == Child.Phase.LIVE), "a parent takes its child for what it is not", child, lives);
    }

    /** What its plan wants has been done already: nothing is left over that only a later event would bring about. */
    private static void planIsFollowed(Parent parent, Map<String, Child> children) {
        if (parent.phase() == JobPhase.FINALIZING || parent.phase() == JobPhase.CANCEL_REQUESTED) {
            boolean open =
                    children.values().stream().anyMatch(child -> child.phase().open());
            must(open == (parent.phase() == JobPhase.CANCEL_REQUESTED), "a parent waits for nothing", parent, children);
            return;
        }
        Plan.Next next = parent.plan().next(parent, children, parent.submitted());
        must(
                new LinkedHashSet<>(children.keySet()).containsAll(next.start()),
                "a child is missing",
                parent,
                next,
                children);
        if (next.end().isPresent()) {
            must(
                    children.values().stream().anyMatch(child -> child.phase().open()),
                    "a parent could have ended",
                    parent,
                    children);
        }
    }
}
