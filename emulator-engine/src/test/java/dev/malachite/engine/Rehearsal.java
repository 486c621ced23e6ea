package dev.malachite.engine;

import static dev.malachite.engine.Rule.must;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The control loop around the engine, in one thread and with every moment in the test's hand: what has been asked and
 * seen lies in {@link #pending} until it is delivered, what is being done moves on when it is told to. It follows
 * {@code ControlLoop}, {@code ActionDispatcher} and {@code LoopLifecycle} of the server step by step.
 */
final class Rehearsal {

    private static final Duration AFTER_A_FAILED_WRITE = Duration.ofSeconds(1);

    private final Engine engine = new Engine();
    private final Witness witness = Witness.fresh();
    private final Safety safety = new Safety();
    private final Map<TargetId, Instant> wakes = new TreeMap<>();
    private final Map<JobId, Instant> parentWakes = new TreeMap<>();
    private final Map<FaultId, Instant> faultWakes = new TreeMap<>();
    private final Map<Object, Set<Action>> wanted = new HashMap<>();
    private final Set<Action> begun = new LinkedHashSet<>();
    final World world = new World();
    final List<Command<?>> pending = new ArrayList<>();
    final List<Command<?>> late = new ArrayList<>();
    final List<Doing> doing = new ArrayList<>();
    State state = State.empty();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private boolean diskFull;

    /** In the machines of instances. */
    private boolean somebodyWorks = true;

    private int numbers;

    /** An action under way; it has {@code entered} once it was looked whether it is still wanted. */
    static final class Doing {
        final Action action;
        private boolean entered;

        Doing(Action action) {
            this.action = action;
        }
    }

    /** A number that was not given before. */
    int number() {
        return ++numbers;
    }

    /** Lets the next batch's write fail. */
    void fillDisk() {
        diskFull = true;
    }

    void deliverAll() {
        List<Command<?>> batch = List.copyOf(pending);
        pending.clear();
        process(batch);
    }

    /** Decides, writes and acts upon one batch, as the loop does. */
    void process(List<Command<?>> batch) {
        Set<TargetId> touched = new LinkedHashSet<>();
        List<TargetId> due = wakes.entrySet().stream()
                .filter(wake -> !wake.getValue().isAfter(now))
                .map(Map.Entry::getKey)
                .toList();
        due.forEach(wakes::remove);
        List<Change> changes = new ArrayList<>();
        State next = state;
        for (Command<?> command : batch) {
            try {
                Decision<?> decision = engine.decide(next, command, now);
                next = taken(decision, changes);
                touched.addAll(decision.touched());
            } catch (Refusal refused) {
                // The one who asked is told; nothing has changed.
                child(command).ifPresent(run -> pending.add(failed(run)));
            }
        }
        parentWakes.entrySet().removeIf(wake -> {
            boolean isDue = !wake.getValue().isAfter(now);
            if (isDue) {
                pending.add(new Command.ParentDue(wake.getKey()));
            }
            return isDue;
        });
        faultWakes.entrySet().removeIf(wake -> {
            boolean isDue = !wake.getValue().isAfter(now);
            if (isDue) {
                pending.add(new Command.FaultDue(wake.getKey()));
            }
            return isDue;
        });
        touched.addAll(due);
        Map<TargetId, Optional<Instant>> looks = new TreeMap<>();
        for (TargetId target : List.copyOf(touched)) {
            Decision<Optional<Instant>> decision = Reconciler.reconcile(next, target, now);
            next = taken(decision, changes);
            looks.put(target, decision.reply());
            decision.touched().stream().filter(other -> !other.equals(target)).forEach(other -> {
                touched.add(other);
                looks.put(other, Optional.of(now));
            });
            comesToRest(next, target);
        }
        if (diskFull && !changes.isEmpty()) {
            diskFull = false;
            batch.stream().filter(Command.Observation.class::isInstance).forEach(pending::add);
            touched.forEach(target -> wakes.put(target, now.plus(AFTER_A_FAILED_WRITE)));
            return;
        }
        safety.check(state, changes, next, now);
        state = next;
        if (!changes.isEmpty()) {
            witness.committed(changes, state);
        }
        looks.forEach((target, look) -> look.ifPresentOrElse(at -> wakes.put(target, at), () -> wakes.remove(target)));
        touched.forEach(target -> want(target, Planner.plan(state, target)));
        followFaults();
        Change.parents(changes).forEach(this::wantChildren);
        want("images", Planner.planImages(state));
        for (Target target : state.targets()) {
            must(
                    wanted.getOrDefault(target.id(), Set.of()).containsAll(Planner.plan(state, target.id())),
                    "something is to be done that nobody was told of",
                    target.id());
        }
    }

    private void wantChildren(JobId parent) {
        want(parent, Planner.plan(state, parent));
        state.parent(parent)
                .flatMap(Parent::deadline)
                .ifPresentOrElse(at -> parentWakes.put(parent, at), () -> parentWakes.remove(parent));
    }

    private void followFaults() {
        faultWakes.clear();
        state.faults().forEach(fault -> fault.due().ifPresent(at -> faultWakes.put(fault.id(), at)));
        pending.forEach(command -> {
            if (command instanceof Command.FaultDue due) {
                faultWakes.remove(due.id());
            }
        });
    }

    /** The child whose submission it is. */
    private static Optional<JobId> child(Command<?> command) {
        return switch (command) {
            case Command.SubmitJob submit when submit.parent().isPresent() -> Optional.of(submit.id());
            case Command.SubmitParent submit when submit.parent().isPresent() -> Optional.of(submit.id());
            default -> Optional.empty();
        };
    }

    private static Command.ChildEnded failed(JobId run) {
        return new Command.ChildEnded(run, JobPhase.FAILED, "it could not be submitted", new Scenario.Nothing());
    }

    private static State taken(Decision<?> decision, List<Change> changes) {
        changes.addAll(decision.changes());
        return decision.state();
    }

    /** Looked at again at the same moment, a target soon needs nothing, and no moment that has passed: else the loop would spin. */
    private void comesToRest(State looked, TargetId target) {
        State at = looked;
        for (int again = 0; again < 3; again++) {
            Decision<Optional<Instant>> decision = Reconciler.reconcile(at, target, now);
            if (decision.changes().isEmpty()
                    && decision.reply().map(now::isBefore).orElse(true)) {
                return;
            }
            at = decision.state();
        }
        throw new AssertionError("%s is never done at %s: %s".formatted(target, now, looked));
    }

    private void want(Object scope, List<Action> actions) {
        Set<Action> before = wanted.put(scope, new LinkedHashSet<>(actions));
        if (before != null) {
            before.stream().filter(action -> !actions.contains(action)).forEach(begun::remove);
        }
        for (Action action : actions) {
            if (begun.add(action)) {
                doing.add(new Doing(action));
            }
        }
    }

    private boolean isWanted(Action action) {
        return wanted.values().stream().anyMatch(actions -> actions.contains(action));
    }

    /** Everything that is wanted and not under way: what can be begun once more. */
    List<Action> repeatable() {
        return begun.stream()
                .filter(action -> doing.stream().noneMatch(other -> other.action.equals(action)))
                .toList();
    }

    void repeat(Action action) {
        doing.add(new Doing(action));
    }

    /** What can move on now: actions on one node, and on one machine, take turns. */
    List<Doing> movable() {
        Set<Object> turns = new LinkedHashSet<>();
        return doing.stream()
                .filter(each -> switch (each.action) {
                    case Action.OnNode onNode -> turns.add(onNode.node());
                    case Action.OnMachine onMachine -> turns.add(onMachine.target());
                    default -> true;
                })
                .toList();
    }

    /** The first move looks whether the action is still wanted, the second one does it. */
    void move(Doing each) {
        if (!each.entered) {
            each.entered = true;
            if (!isWanted(each.action)) {
                doing.remove(each);
            }
        } else {
            doing.remove(each);
            carryOut(each.action);
        }
    }

    /** As {@link #move}, but what can fail does; anything else finds the runtime away and is tried again. */
    void moveBadly(Doing each) {
        if (!each.entered) {
            move(each);
            return;
        }
        doing.remove(each);
        switch (each.action) {
            case Action.PrepareImage prepare -> pending.add(new Command.ImageFailed(prepare.image(), "no such image"));
            case Action.OpenNode open ->
                pending.add(new Command.NodeFailed(open.node(), open.generation(), "no space left"));
            case Action.RunJob run -> pending.add(new Command.NodeLost(run.node(), run.generation(), "no answer"));
            case Action.StopJob stop -> pending.add(new Command.NodeLost(stop.node(), stop.generation(), "no answer"));
            case Action.SubmitChild submit -> pending.add(failed(submit.child().run()));
            case Action.StartMachine start ->
                pending.add(new Command.MachineFailed(start.target(), start.order(), "no machine is to be had"));
            case Action.RunSetup setup ->
                pending.add(
                        setup.creation()
                                ? new Command.ScriptEnded(setup.target(), setup.order(), Optional.of("it failed"))
                                : new Command.MachineLost(setup.target(), setup.order(), "no answer"));
            case Action.AskMachine ask -> pending.add(new Command.MachineLost(ask.target(), ask.order(), "no answer"));
            case Action.Collect _,
                    Action.CloseNode _,
                    Action.CloseTarget _,
                    Action.FinishParent _,
                    Action.StopMachine _,
                    Action.RemoveMachine _ -> doing.add(new Doing(each.action));
        }
    }

    private void carryOut(Action action) {
        switch (action) {
            case Action.PrepareImage prepare -> pending.add(new Command.ImageReady(prepare.image(), "ref"));
            case Action.OpenNode open -> {
                world.open(open.node(), open.generation());
                pending.add(new Command.NodeOpened(open.node(), open.generation()));
            }
            case Action.RunJob run -> {
                if (world.start(run.node(), run.generation(), run.job(), run.attempt(), now)) {
                    pending.add(new Command.JobStarted(run.job(), run.attempt()));
                } else {
                    pending.add(new Command.NodeLost(run.node(), run.generation(), "it is not there."));
                }
            }
            case Action.StopJob stop -> {
                if (!world.stop(stop.node(), stop.generation(), now)) {
                    pending.add(new Command.NodeLost(stop.node(), stop.generation(), "It had not begun."));
                }
            }
            case Action.Collect collect ->
                pending.add(new Command.JobCollected(
                        collect.node(), collect.job(), collect.attempt(), "it failed on " + collect.node()));
            case Action.CloseNode close -> {
                world.close(close.node());
                pending.add(new Command.NodeClosed(close.node()));
            }
            case Action.CloseTarget close -> pending.add(new Command.TargetClosed(close.target()));
            case Action.StartMachine start -> {
                world.machines.put(start.target(), true);
                pending.add(new Command.MachineStarted(start.target(), start.order(), MachineAccess.NONE));
            }
            case Action.RunSetup setup ->
                pending.add(
                        world.isUp(setup.target())
                                ? new Command.ScriptEnded(setup.target(), setup.order(), Optional.empty())
                                : new Command.MachineLost(setup.target(), setup.order(), "it is not there"));
            case Action.StopMachine stop -> {
                world.machines.replace(stop.target(), false);
                pending.add(new Command.MachineStopped(stop.target(), stop.order()));
            }
            case Action.RemoveMachine remove -> {
                world.machines.remove(remove.target());
                pending.add(new Command.MachineRemoved(remove.target(), remove.order()));
            }
            case Action.AskMachine ask ->
                pending.add(
                        world.isUp(ask.target())
                                ? new Command.MachineActive(
                                        ask.target(),
                                        ask.order(),
                                        Optional.of(now.minusSeconds(600)).filter(_ -> somebodyWorks))
                                : new Command.MachineLost(ask.target(), ask.order(), "it is not there"));
            case Action.SubmitChild submit -> pending.add(Step.submission(submit.child()));
            case Action.FinishParent finish -> pending.add(new Command.ParentFinished(finish.parent()));
        }
        pending.addAll(world.ends(now));
    }

    /** A container is removed by somebody else; who watches sees it. */
    void killContainer(NodeId node) {
        int generation = world.generation(node);
        world.close(node);
        pending.add(new Command.NodeLost(node, generation, "somebody removed it."));
    }

    void killProcess(NodeId node) {
        world.killProcess(node, now);
        pending.addAll(world.ends(now));
    }

    /** Lets time pass; timers on the way fire each at its own time. */
    void pass(Duration time) {
        Instant end = now.plus(time);
        for (Optional<Instant> next = nextTime();
                next.filter(at -> !at.isAfter(end)).isPresent();
                next = nextTime()) {
            now = next.get().isAfter(now) ? next.get() : now;
            pending.addAll(world.ends(now));
            process(List.of());
        }
        now = end;
    }

    /** When something happens of itself. */
    Optional<Instant> nextTime() {
        return Stream.of(wakes.values(), parentWakes.values(), faultWakes.values(), world.comingEnds())
                .flatMap(Collection::stream)
                .min(Instant::compareTo);
    }

    /** The process dies and another one starts: it finds the committed state, and looks what there is. */
    void crash() {
        pending.clear();
        late.clear();
        doing.clear();
        begun.clear();
        wanted.clear();
        wakes.clear();
        parentWakes.clear();
        world.nobodyFollows();
        diskFull = false;
        state = found();
        for (Target target : state.targets()) {
            wakes.put(target.id(), now);
        }
        state.parents().forEach(parent -> wantChildren(parent.id()));
        followFaults();
        for (NodeId node : world.nodes()) {
            if (state.node(node).isEmpty()) {
                world.close(node);
            }
        }
        for (Node node : state.nodes()) {
            boolean waits = world.generation(node.id()) == node.generation() && world.runs(node.id(), now);
            if (node.ready() && node.job().isEmpty() && !waits) {
                pending.add(new Command.NodeLost(node.id(), node.generation(), "It was gone after a restart."));
            }
        }
        world.machines.keySet().removeIf(machine -> state.instance(machine).isEmpty());
        lookAtMachines();
        process(List.of());
    }

    /** What a start would find now. */
    State found() {
        return witness.found(state);
    }

    /** Who stops a machine tells nobody: now and then it is looked whether those run that should. */
    private void lookAtMachines() {
        for (Instance instance : state.instances()) {
            if (instance.running() && !world.isUp(instance.id())) {
                pending.add(new Command.MachineDown(instance.id(), instance.order()));
            }
        }
    }

    /** Somebody else stops the machine of an instance. */
    void killMachine(TargetId target) {
        world.machines.replace(target, false);
    }

    /** From now on all goes well; returns when nothing is left to happen. What was lost on the way is asked for again. */
    void comeToRest() {
        diskFull = false;
        somebodyWorks = false;
        pending.addAll(late);
        late.clear();
        for (int round = 0; round < 20_000; round++) {
            settle();
            State before = state;
            repeatable().forEach(this::repeat);
            lookAtMachines();
            settle();
            if (!state.equals(before)) {
                continue;
            }
            Optional<Instant> next = nextTime();
            if (next.isEmpty()) {
                return;
            }
            pass(Duration.between(now, next.get()));
        }
        throw new AssertionError("it never comes to rest: %s, wanted %s".formatted(state, wanted));
    }

    private void settle() {
        for (int move = 0; !doing.isEmpty() || !pending.isEmpty(); move++) {
            if (move > 20_000) {
                throw new AssertionError("it never settles: %s".formatted(pending));
            }
            List.copyOf(movable()).forEach(this::move);
            deliverAll();
        }
    }
}
