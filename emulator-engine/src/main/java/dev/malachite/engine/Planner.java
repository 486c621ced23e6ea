package dev.malachite.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says which actions the committed state wants. Pure; looks at the whole of a target, not at what woke it. */
public final class Planner {

    private Planner() {}

    /** Everything that is wanted for the target now; what is no longer in it is no longer wanted. */
    public static List<Action> plan(State state, TargetId id) {
        List<Action> actions = new ArrayList<>();
        for (Node node : state.nodesOf(id)) {
            action(state, node).ifPresent(actions::add);
        }
        boolean empty = state.nodesOf(id).isEmpty();
        state.target(id)
                .flatMap(target -> state.instance(id).flatMap(instance -> onMachine(target, instance, empty)))
                .ifPresent(actions::add);
        state.target(id)
                .filter(target -> target.deleting() && actions.isEmpty() && empty)
                .ifPresent(target -> actions.add(new Action.CloseTarget(id, target.runtime())));
        return actions;
    }

    /** Everything that is wanted for the parent now. */
    public static List<Action> plan(State state, JobId id) {
        List<Action> actions = new ArrayList<>();
        state.parent(id).ifPresent(parent -> {
            for (Child child : state.children(id).values()) {
                if (child.phase() == Child.Phase.WANTED) {
                    actions.add(new Action.SubmitChild(child));
                }
            }
            if (parent.phase() == JobPhase.FINALIZING) {
                actions.add(new Action.FinishParent(id));
            }
        });
        return actions;
    }

    /** Images that somebody waits for. */
    public static List<Action> planImages(State state) {
        return state.missingImages().stream()
                .flatMap(key -> state.image(key).stream())
                .<Action>map(image -> new Action.PrepareImage(image.key(), image.runtime()))
                .toList();
    }

    /** Jobs run beside the machine, but not without it: it goes when their nodes have. */
    private static Optional<Action> onMachine(Target target, Instance instance, boolean empty) {
        TargetId id = target.id();
        int order = instance.order();
        if (target.deleting()) {
            return empty ? Optional.of(new Action.RemoveMachine(id, target.runtime(), order)) : Optional.empty();
        }
        return switch (instance.step()) {
            case REST -> Optional.empty();
            case START -> Optional.of(new Action.StartMachine(id, target.runtime(), order));
            case CREATION_SCRIPT -> Optional.of(new Action.RunSetup(id, target.runtime(), order, true));
            case STARTUP_SCRIPT -> Optional.of(new Action.RunSetup(id, target.runtime(), order, false));
            case STOP -> empty ? Optional.of(new Action.StopMachine(id, target.runtime(), order)) : Optional.empty();
            case ASK -> Optional.of(new Action.AskMachine(id, target.runtime(), order));
        };
    }

    private static Optional<Action> action(State state, Node node) {
        Optional<Job> job = state.jobOn(node);
        return switch (node.phase()) {
            case PREPARING, IDLE ->
                !node.ready()
                                && node.heldUntil().isEmpty()
                                && state.image(node.image())
                                        .filter(Image::ready)
                                        .isPresent()
                        ? Optional.of(new Action.OpenNode(node.id(), node.runtime(), node.generation(), node.image()))
                        : Optional.empty();
            case RUNNING, PREEMPTED -> job.flatMap(found -> onJob(node, found));
            case LEAVING -> Optional.of(new Action.CloseNode(node.id(), node.runtime()));
            case UNUSABLE -> {
                if (job.flatMap(found -> found.exit(node.id())).isPresent()) {
                    yield onJob(node, job.get());
                }
                yield node.ready() ? Optional.of(new Action.CloseNode(node.id(), node.runtime())) : Optional.empty();
            }
        };
    }

    /** A node on which the job has ended waits for the others: what it left is kept when all have ended. */
    private static Optional<Action> onJob(Node node, Job job) {
        Job.Exit exit = job.exit(node.id()).orElse(null);
        if (exit != null) {
            return exit.kept() || job.exitCode().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Action.Collect(
                            node.id(), node.runtime(), node.generation(), job.id(), job.attempt(), exit.code()));
        }
        return Optional.of(
                job.stopping()
                        ? new Action.StopJob(node.id(), node.runtime(), node.generation(), job.id(), job.attempt())
                        : new Action.RunJob(node.id(), node.runtime(), node.generation(), job.id(), job.attempt()));
    }
}
