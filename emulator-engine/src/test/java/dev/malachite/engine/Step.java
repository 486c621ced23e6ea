package dev.malachite.engine;

import dev.malachite.engine.sweep.Distribution;
import dev.malachite.engine.sweep.Goal;
import dev.malachite.engine.sweep.Sampling;
import dev.malachite.engine.sweep.SearchSpace;
import dev.malachite.engine.sweep.SweepPlan;
import dev.malachite.engine.sweep.Termination;
import dev.malachite.engine.sweep.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * One thing that happens in a rehearsal, by a kind and two numbers that choose among what there is; every number is good,
 * so that steps can be made by chance and left out one by one.
 */
record Step(Kind kind, int a, int b) {

    private static final WorkspaceId WORKSPACE = new WorkspaceId("22222222-2222-2222-2222-222222222222");

    /** Its clusters are called as those of the first are. */
    private static final WorkspaceId OTHER = new WorkspaceId("44444444-4444-4444-4444-444444444444");

    private static final TargetId INSTANCE = new TargetId(WORKSPACE, "desk");
    private static final List<TargetId> TARGETS = List.of(
            new TargetId(WORKSPACE, "spot"),
            new TargetId(WORKSPACE, "steady"),
            INSTANCE,
            new TargetId(OTHER, "spot"),
            new TargetId(OTHER, "steady"));
    private static final VmSize BIG = new VmSize("Standard_D4_v2", "standardDv2Family", 4, 0, 14336);
    private static final List<Power> POWERS = List.of(Power.values());
    private static final List<ImageKey> IMAGES = List.of(new ImageKey("image-1"), new ImageKey("image-2"));
    private static final int MOST_JOBS = 30;
    private static final int MOST_PARENTS = 4;
    private static final String NESTED = "nested-";
    private static final int[] SECONDS = {0, 1, 5, 31, 121, 1000};

    private static final List<Fault.Effect> EFFECTS = List.of(
            new Fault.Evictions(new Fault.MeanTime(Duration.ofSeconds(60)), 1, Duration.ofSeconds(30), true),
            new Fault.Evictions(new Fault.Fraction(0.5, Duration.ofSeconds(10)), 2, Duration.ZERO, true),
            new Fault.SlowProvisioning(Duration.ofSeconds(45)),
            new Fault.AllocationFailure("AllocationFailed", "no machine is free"),
            new Fault.NodeUnusable("it broke"));

    /** What can happen, and how often compared with the others. */
    enum Kind {
        PUT(8),
        PUT_INSTANCE(4),
        POWER(12),
        SUBMIT(40),
        SUBMIT_PARENT(4),
        DELIVER(150),
        DELIVER_ALL(40),
        MOVE(250),
        PASS(30),
        CANCEL(10),
        DELETE(4),
        REPORT(6),
        CANCEL_PARENT(2),
        REMOVE_WORKSPACE(1),
        EVICT(20),
        BREAK(5),
        REPAIR(5),
        RESIZE(3),
        SCHEDULE(3),
        KILL_MACHINE(3),
        LIMIT(4),
        FAULT(4),
        NO_FAULT(4),
        REPEAT(20),
        DOUBLE(20),
        DELAY(20),
        DELIVER_LATE(8),
        DROP(15),
        FAIL(10),
        KILL_CONTAINER(8),
        KILL_PROCESS(5),
        FILL_DISK(5),
        CRASH(5);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        /** Those that may happen, each as often as its weight says. */
        static List<Kind> urn(Predicate<Kind> may) {
            return Arrays.stream(values())
                    .filter(may)
                    .flatMap(kind -> Collections.nCopies(kind.weight, kind).stream())
                    .toList();
        }

        /** Whether there can be a history without it. */
        boolean optional() {
            return compareTo(CANCEL) >= 0;
        }
    }

    void on(Rehearsal rehearsal) {
        switch (kind) {
            case PUT -> rehearsal.pending.add(put(rehearsal));
            case PUT_INSTANCE -> rehearsal.pending.add(putInstance(rehearsal));
            case POWER ->
                rehearsal.pending.add(new Command.PowerInstance(
                        INSTANCE, POWERS.get(Math.floorMod(a, POWERS.size())), operation(rehearsal)));
            case SCHEDULE ->
                rehearsal.pending.add(new Command.FollowSchedule(
                        INSTANCE, Math.floorMod(a, 2) == 0 ? Power.START : Power.STOP, rehearsal.now));
            case RESIZE ->
                rehearsal.pending.add(new Command.ResizeInstance(
                        INSTANCE, Math.floorMod(a, 2) == 0 ? BIG : Scenario.SIZE, "{}", operation(rehearsal)));
            case KILL_MACHINE -> rehearsal.killMachine(INSTANCE);
            case DELETE -> rehearsal.pending.add(new Command.DeleteTarget(target(), operation(rehearsal)));
            case REMOVE_WORKSPACE -> rehearsal.pending.add(new Command.RemoveWorkspace(workspace()));
            case SUBMIT -> {
                if (rehearsal.state.jobs().size() < MOST_JOBS) {
                    rehearsal.pending.add(submit(rehearsal));
                }
            }
            case CANCEL ->
                pick(rehearsal.state.jobs().stream().toList())
                        .ifPresent(job -> rehearsal.pending.add(new Command.CancelJob(job.id())));
            case SUBMIT_PARENT -> {
                if (rehearsal.state.parents().size() < MOST_PARENTS) {
                    rehearsal.pending.add(new Command.SubmitParent(
                            new JobId(workspace(), "family-" + rehearsal.number()),
                            Optional.empty(),
                            Math.floorMod(b, 3) == 0 ? trials(b) : steps(b, true),
                            new Scenario.Nothing()));
                }
            }
            case REPORT ->
                pick(trialsOf(rehearsal.state))
                        .ifPresent(trial -> rehearsal.pending.add(new Command.TrialReported(
                                trial.run(), trial.trial().map(Trial::reported).orElse(0), List.of((double)
                                        Math.floorMod(b, 100)))));
            case CANCEL_PARENT ->
                pick(List.copyOf(rehearsal.state.parents()))
                        .ifPresent(parent -> rehearsal.pending.add(new Command.CancelJob(parent.id())));
            case EVICT ->
                node(rehearsal)
                        .ifPresent(node -> rehearsal.pending.add(new Command.EvictNode(
                                node,
                                Optional.of(rehearsal.now.plusSeconds(30L * Math.floorMod(b, 3))),
                                Duration.ofSeconds(15L * Math.floorMod(b / 3, 3)),
                                Math.floorMod(b, 5) > 0)));
            case BREAK ->
                node(rehearsal).ifPresent(node -> rehearsal.pending.add(new Command.BreakNode(node, "it broke")));
            case REPAIR -> node(rehearsal).ifPresent(node -> rehearsal.pending.add(new Command.RepairNode(node)));
            case LIMIT -> rehearsal.pending.add(limit());
            case FAULT ->
                rehearsal.pending.add(new Command.AddFault(
                        new FaultId("fault-" + rehearsal.number()),
                        Math.floorMod(b, 2) == 0 ? Optional.of(target()) : Optional.empty(),
                        Math.floorMod(b, 3) == 0 ? Optional.empty() : Optional.of(Math.floorMod(b, 3)),
                        Optional.of(Duration.ofSeconds(20L * Math.floorMod(b / 5, 3))),
                        Math.floorMod(b, 7) < 3 ? Optional.of(Duration.ofSeconds(50)) : Optional.empty(),
                        EFFECTS.get(Math.floorMod(b, EFFECTS.size()))));
            case NO_FAULT ->
                pick(rehearsal.state.faults().stream().toList())
                        .ifPresent(fault -> rehearsal.pending.add(new Command.RemoveFault(fault.id())));
            case DELIVER ->
                pick(rehearsal.pending).ifPresent(command -> {
                    rehearsal.pending.remove(command);
                    rehearsal.process(List.of(command));
                });
            case DELIVER_ALL -> rehearsal.deliverAll();
            case DOUBLE -> pick(seen(rehearsal)).ifPresent(rehearsal.pending::add);
            case DELAY ->
                pick(seen(rehearsal)).ifPresent(command -> {
                    rehearsal.pending.remove(command);
                    rehearsal.late.add(command);
                });
            case DELIVER_LATE ->
                pick(rehearsal.late).ifPresent(command -> {
                    rehearsal.late.remove(command);
                    rehearsal.process(List.of(command));
                });
            case DROP ->
                // Whoever watches a container tells of its loss until somebody listens: nothing would ever ask for it.
                pick(seen(rehearsal).stream()
                                .filter(command -> !(command instanceof Command.NodeLost))
                                .toList())
                        .ifPresent(rehearsal.pending::remove);
            case MOVE -> pick(rehearsal.movable()).ifPresent(rehearsal::move);
            case FAIL -> pick(rehearsal.movable()).ifPresent(rehearsal::moveBadly);
            case REPEAT -> pick(rehearsal.repeatable()).ifPresent(rehearsal::repeat);
            case PASS -> rehearsal.pass(Duration.ofSeconds(SECONDS[Math.floorMod(a, SECONDS.length)]));
            case KILL_CONTAINER -> pick(rehearsal.world.nodes()).ifPresent(rehearsal::killContainer);
            case KILL_PROCESS -> pick(rehearsal.world.nodes()).ifPresent(rehearsal::killProcess);
            case FILL_DISK -> rehearsal.fillDisk();
            case CRASH -> rehearsal.crash();
        }
    }

    private Command.PutTarget put(Rehearsal rehearsal) {
        if (target().equals(INSTANCE)) {
            return putInstance(rehearsal);
        }
        int max = 1 + Math.floorMod(b, 4);
        int min = Math.floorMod(b / 4, 3) == 0 ? Math.floorMod(b / 12, max + 1) : 0;
        return new Command.PutTarget(
                target(),
                target().name(),
                new ComputeKind.AmlCompute(
                        Scenario.SIZE,
                        target().name().equals("spot") ? VmPriority.LOW_PRIORITY : VmPriority.DEDICATED,
                        new Scale(min, max, Duration.ofSeconds(Math.floorMod(b / 48, 2) * 120L))),
                Scenario.SCOPE,
                "{}",
                RuntimeKind.SIMULATED,
                operation(rehearsal),
                Optional.empty());
    }

    private Command.PutTarget putInstance(Rehearsal rehearsal) {
        return new Command.PutTarget(
                INSTANCE,
                INSTANCE.name(),
                new ComputeKind.ComputeInstance(
                        Scenario.SIZE,
                        2,
                        Math.floorMod(b, 2) == 0 ? Optional.of(Duration.ofMinutes(15)) : Optional.empty(),
                        Math.floorMod(b / 2, 2) == 0,
                        Math.floorMod(b / 4, 2) == 0),
                Scenario.SCOPE,
                "{}",
                RuntimeKind.SIMULATED,
                operation(rehearsal),
                Optional.empty());
    }

    private Command.SubmitJob submit(Rehearsal rehearsal) {
        return new Command.SubmitJob(
                        new JobId(target().workspace(), "job-" + rehearsal.number()),
                        target(),
                        IMAGES.get(Math.floorMod(b, 7) == 0 ? 1 : 0),
                        Math.floorMod(b, 5) < 2 ? 2 : 1,
                        Math.floorMod(b, 11) == 0 ? 10 : 0,
                        Math.floorMod(b, 3) == 0 ? Optional.of(Duration.ofSeconds(60)) : Optional.empty(),
                        new Scenario.Nothing())
                .served(Math.floorMod(b, 5) == 1 ? 1 : 0);
    }

    /** A few steps, of which each waits for some of those before it. */
    private static Plan.Steps steps(int dice, boolean nested) {
        List<Plan.Steps.Step> steps = new ArrayList<>();
        for (int i = 0; i < 1 + Math.floorMod(dice, 4); i++) {
            int edges = (dice / 4) >> i;
            List<String> after = IntStream.range(0, i)
                    .filter(before -> Math.floorMod(edges >> before, 2) == 1)
                    .mapToObj(before -> steps.get(before).name())
                    .toList();
            String name = nested && Math.floorMod(dice / 7 + i, 5) == 0 ? NESTED + dice : "step";
            steps.add(new Plan.Steps.Step(name + "-" + i, after));
        }
        return new Plan.Steps(steps, Math.floorMod(dice / 3, 2) == 0);
    }

    /** Small enough that it ends by all of its ways: no more points, enough trials, too late, all failed. */
    private static Trials trials(int dice) {
        Distribution few = new Distribution.RandInt(1 + Math.floorMod(dice / 2, 6));
        return new Trials(new SweepPlan(
                new SearchSpace(Map.of("n", few)),
                Math.floorMod(dice, 2) == 0 ? new Sampling.Random(dice) : new Sampling.Sobol(dice),
                "loss",
                Math.floorMod(dice / 5, 2) == 0 ? Goal.MINIMIZE : Goal.MAXIMIZE,
                Math.floorMod(dice / 4, 3) == 0
                        ? new Termination.Never()
                        : new Termination.Bandit(new Termination.Pace(1, 0), 0.1, 0),
                new SweepPlan.Limits(
                        1 + Math.floorMod(dice / 11, 5),
                        1 + Math.floorMod(dice / 13, 3),
                        Math.floorMod(dice / 17, 2) == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(90)),
                        Optional.empty())));
    }

    private static List<Child> trialsOf(State state) {
        return state.parents().stream()
                .flatMap(parent -> state.children(parent.id()).values().stream())
                .filter(child -> child.trial().isPresent())
                .toList();
    }

    /** What a child is, by its name: a family of its own, something that need not run, or a job. */
    static Command<?> submission(Child child) {
        int dice = Math.floorMod(child.run().hashCode(), 1000);
        if (child.name().startsWith(NESTED)) {
            return new Command.SubmitParent(
                    child.run(), Optional.of(child.parent()), steps(dice, false), new Scenario.Nothing());
        }
        if (dice % 9 == 0) {
            return new Command.ChildEnded(child.run(), JobPhase.COMPLETED, null, new Scenario.Nothing());
        }
        List<TargetId> targets = TARGETS.stream()
                .filter(target -> target.workspace().equals(child.run().workspace()))
                .toList();
        return new Command.SubmitJob(
                        child.run(),
                        targets.get(dice % targets.size()),
                        IMAGES.get(dice % 7 == 0 ? 1 : 0),
                        1,
                        0,
                        Optional.empty(),
                        new Scenario.Nothing())
                .childOf(child.parent());
    }

    /** Between no node at all and room for all. */
    private Command.SetLimit limit() {
        String pool = List.of(QuotaKey.LOW_PRIORITY, QuotaKey.TOTAL, Scenario.SIZE.family())
                .get(Math.floorMod(a, 3));
        int nodes = Math.floorMod(b, 6);
        return new Command.SetLimit(
                new QuotaKey(Scenario.SCOPE, pool),
                nodes == 5 ? Optional.empty() : Optional.of((long) nodes * Scenario.SIZE.vCpus()));
    }

    private Optional<NodeId> node(Rehearsal rehearsal) {
        return pick(rehearsal.state.nodes().stream().map(Node::id).sorted().toList());
    }

    private TargetId target() {
        return TARGETS.get(Math.floorMod(a, TARGETS.size()));
    }

    private WorkspaceId workspace() {
        return target().workspace();
    }

    private static OperationId operation(Rehearsal rehearsal) {
        return new OperationId("operation-" + rehearsal.number());
    }

    private static List<Command<?>> seen(Rehearsal rehearsal) {
        return rehearsal.pending.stream()
                .filter(Command.Observation.class::isInstance)
                .toList();
    }

    private <T> Optional<T> pick(List<? extends T> from) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(Math.floorMod(a, from.size())));
    }
}
