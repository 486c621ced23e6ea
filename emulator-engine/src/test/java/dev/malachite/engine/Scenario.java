package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The engine with a clock and a queue, as the control loop drives it, but in one thread and with no one behind it. */
final class Scenario {

    static final WorkspaceId WORKSPACE = new WorkspaceId("11111111-1111-1111-1111-111111111111");
    static final TargetId CLUSTER = new TargetId(WORKSPACE, "cpu");
    static final VmSize SIZE = new VmSize("Standard_D2_v2", "standardDv2Family", 2, 0, 7168);
    static final ImageKey IMAGE = new ImageKey("image");
    static final QuotaScope SCOPE = new QuotaScope("22222222-2222-2222-2222-222222222222", "eastus");

    private final Engine engine = new Engine();
    private final Witness witness = Witness.fresh();
    final List<Event> events = new ArrayList<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    State state = State.empty();
    Optional<Instant> wake = Optional.empty();

    record Nothing() implements Attachment {}

    <R> R tell(Command<R> command) {
        Decision<R> decision = engine.decide(state, command, now);
        take(decision);
        decision.touched().forEach(this::reconcile);
        return decision.reply();
    }

    void reconcile(TargetId target) {
        Decision<Optional<Instant>> decision = Reconciler.reconcile(state, target, now);
        take(decision);
        if (target.equals(CLUSTER)) {
            wake = decision.reply();
        }
    }

    private void take(Decision<?> decision) {
        state = decision.state();
        if (!decision.changes().isEmpty()) {
            witness.committed(decision.changes(), state);
        }
        events.addAll(decision.events());
    }

    void pass(Duration time) {
        now = now.plus(time);
        reconcile(CLUSTER);
    }

    void cluster(int min, int max, VmPriority priority) {
        cluster(CLUSTER, SIZE, min, max, priority);
    }

    void cluster(TargetId id, VmSize size, int min, int max, VmPriority priority) {
        tell(put(id, size, priority, new Scale(min, max, Duration.ofMinutes(2)), Optional.empty()));
    }

    private Command.PutTarget put(
            TargetId id, VmSize size, VmPriority priority, Scale scale, Optional<Instant> basedOn) {
        return new Command.PutTarget(
                id,
                id.name(),
                new ComputeKind.AmlCompute(size, priority, scale),
                SCOPE,
                "{}",
                RuntimeKind.SIMULATED,
                new OperationId("op-" + state.sequence()),
                basedOn);
    }

    /** Sets the maximum, as one who had last seen the cluster as it was at {@code seen}. */
    void resize(int max, Instant seen) {
        tell(put(CLUSTER, SIZE, VmPriority.DEDICATED, new Scale(0, max, Duration.ofMinutes(2)), Optional.of(seen)));
    }

    Job submit(String name) {
        return submit(CLUSTER, name, 1, 0);
    }

    Job submit(TargetId target, String name, int nodes, int priority) {
        return tell(new Command.SubmitJob(
                new JobId(WORKSPACE, name), target, IMAGE, nodes, priority, Optional.empty(), new Nothing()));
    }

    Job submit(Child child) {
        return tell(new Command.SubmitJob(child.run(), CLUSTER, IMAGE, 1, 0, Optional.empty(), new Nothing())
                .childOf(child.parent()));
    }

    void imageReady() {
        tell(new Command.ImageReady(IMAGE, "ref"));
    }

    Job job(String name) {
        return state.job(new JobId(WORKSPACE, name)).orElseThrow();
    }

    boolean ended(String name) {
        return state.job(new JobId(WORKSPACE, name)).isEmpty();
    }

    List<Node> nodes() {
        return List.copyOf(state.nodesOf(CLUSTER));
    }

    Node only() {
        if (nodes().size() != 1) {
            throw new AssertionError("one node expected: " + nodes());
        }
        return nodes().getFirst();
    }

    /** Does what the plan asks of the runtime, at once and well, until it asks for nothing new. */
    void obey() {
        for (int round = 0; round < 100; round++) {
            State before = state;
            for (Action action : plan()) {
                obey(action);
            }
            if (state.equals(before)) {
                return;
            }
        }
        throw new AssertionError("the plan never comes to rest: " + plan());
    }

    /** The same for one node alone. */
    void obeyOnly(NodeId node) {
        for (Action action : plan()) {
            if (action instanceof Action.OnNode onNode && onNode.node().equals(node)) {
                obey(action);
            }
        }
    }

    List<Action> plan() {
        List<Action> actions = new ArrayList<>(Planner.planImages(state));
        state.targets().forEach(target -> actions.addAll(Planner.plan(state, target.id())));
        state.parents().forEach(parent -> actions.addAll(Planner.plan(state, parent.id())));
        return actions;
    }

    private void obey(Action action) {
        switch (action) {
            case Action.PrepareImage prepare -> tell(new Command.ImageReady(prepare.image(), "ref"));
            case Action.OpenNode open -> tell(new Command.NodeOpened(open.node(), open.generation()));
            case Action.RunJob run -> {
                if (state.job(run.job()).orElseThrow().phase() == JobPhase.STARTING) {
                    tell(new Command.JobStarted(run.job(), run.attempt()));
                }
            }
            case Action.StopJob stop -> tell(new Command.JobExited(stop.node(), stop.generation(), 143));
            case Action.Collect collect ->
                tell(new Command.JobCollected(
                        collect.node(), collect.job(), collect.attempt(), "it failed on " + collect.node()));
            case Action.CloseNode close -> tell(new Command.NodeClosed(close.node()));
            case Action.CloseTarget close -> tell(new Command.TargetClosed(close.target()));
            case Action.StartMachine start ->
                tell(new Command.MachineStarted(start.target(), start.order(), MachineAccess.NONE));
            case Action.RunSetup setup ->
                tell(new Command.ScriptEnded(setup.target(), setup.order(), Optional.empty()));
            case Action.StopMachine stop -> tell(new Command.MachineStopped(stop.target(), stop.order()));
            case Action.RemoveMachine remove -> tell(new Command.MachineRemoved(remove.target(), remove.order()));
            case Action.AskMachine ask -> tell(new Command.MachineActive(ask.target(), ask.order(), Optional.empty()));
            case Action.SubmitChild submit -> {
                if (state.childOf(submit.child().run()).orElseThrow().phase() == Child.Phase.WANTED) {
                    submit(submit.child());
                }
            }
            case Action.FinishParent finish -> tell(new Command.ParentFinished(finish.parent()));
        }
    }

    void exit(String name, int code) {
        exit(job(name).nodes().getFirst(), code);
    }

    /** What runs on the node ends. */
    void exit(NodeId id, int code) {
        Node node = state.node(id).orElseThrow();
        tell(new Command.JobExited(id, node.generation(), code));
    }
}
