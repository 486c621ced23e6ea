package dev.malachite.engine;

import static dev.malachite.engine.Rule.must;

import java.util.List;
import java.util.Optional;

/** What must come true once faults are over and nobody asks for more: jobs end, idle clusters go down to their minimum. */
final class Liveness {

    private Liveness() {}

    static void check(Rehearsal rehearsal) {
        endFaults(rehearsal);
        do {
            cancelWhatCannotBeServed(rehearsal);
            rehearsal.comeToRest();
        } while (wakeInstances(rehearsal));
        State state = rehearsal.state;
        must(state.jobs().isEmpty(), "jobs never end", state);
        must(state.parents().isEmpty(), "parents never end", state.parents());
        must(state.operations().stream().allMatch(Operation::done), "operations never end", state.operations());
        for (Target target : state.targets()) {
            must(!target.deleting(), "a target is deleted for ever", target.id());
            List<Node> nodes = List.copyOf(state.nodesOf(target.id()));
            must(
                    nodes.size() == target.scale().min(),
                    "a target does not rest with its minimum of nodes",
                    target.id(),
                    nodes,
                    target.scale().min());
            must(
                    nodes.stream().allMatch(node -> node.phase() == NodePhase.IDLE && node.ready()),
                    "a target rests with nodes that do not wait",
                    target.id(),
                    nodes);
            state.instance(target.id())
                    .ifPresent(instance ->
                            must(instance.state().steady(), "an instance never arrives anywhere", instance));
            must(!target.resizing(), "a target is resizing at rest", target.id());
            must(Planner.plan(state, target.id()).isEmpty(), "a target wants something for ever", target.id());
        }
        must(Planner.planImages(state).isEmpty(), "images are wanted for ever", state.missingImages());
        must(rehearsal.world.liveProcesses(rehearsal.now) == 0, "a process lives that nobody knows");
        machinesAreThoseOfInstances(state, rehearsal.world);
        must(
                rehearsal
                        .world
                        .nodes()
                        .equals(state.nodes().stream().map(Node::id).sorted().toList()),
                "there are other containers than the state knows",
                rehearsal.world.nodes(),
                state.nodes());
    }

    /** One that could not be made may have none; whatever there is goes with its instance. */
    private static void machinesAreThoseOfInstances(State state, World world) {
        for (Instance instance : state.instances()) {
            must(
                    instance.state() == InstanceState.CREATE_FAILED || world.machines.containsKey(instance.id()),
                    "an instance has no machine",
                    instance,
                    world.machines);
            must(!instance.running() || world.isUp(instance.id()), "an instance runs without its machine", instance);
            must(
                    instance.state() != InstanceState.STOPPED || !world.isUp(instance.id()),
                    "an instance is stopped and its machine runs",
                    instance);
        }
        for (TargetId machine : world.machines.keySet()) {
            must(state.instance(machine).isPresent(), "there is a machine that nobody knows", machine);
        }
    }

    /** A job for an instance that does not run waits until somebody starts it; whether there was one. */
    private static boolean wakeInstances(Rehearsal rehearsal) {
        boolean woken = false;
        for (Instance instance : rehearsal.state.instances()) {
            OperationId operation = new OperationId("again-" + rehearsal.number());
            if (instance.running() || rehearsal.state.waitingCount(instance.id()) == 0) {
                continue;
            }
            rehearsal.pending.add(
                    switch (instance.state()) {
                        case CREATE_FAILED -> new Command.DeleteTarget(instance.id(), operation);
                        case STOPPED -> new Command.PowerInstance(instance.id(), Power.START, operation);
                        default -> new Command.PowerInstance(instance.id(), Power.RESTART, operation);
                    });
            woken = true;
        }
        return woken;
    }

    private static void endFaults(Rehearsal rehearsal) {
        rehearsal.deliverAll(); // a wish that was still on its way may be one for a fault
        rehearsal.pending.add(new Command.ClearFaults());
        rehearsal
                .state
                .limits()
                .keySet()
                .forEach(key -> rehearsal.pending.add(new Command.SetLimit(key, Optional.empty())));
        rehearsal.comeToRest();
        for (Node node : rehearsal.state.nodes()) {
            if (node.phase() == NodePhase.UNUSABLE) {
                rehearsal.pending.add(new Command.RepairNode(node.id()));
            }
        }
    }

    /** A job for more nodes than its target's maximum, which was lowered since, waits until somebody changes one of them. */
    private static void cancelWhatCannotBeServed(Rehearsal rehearsal) {
        rehearsal.comeToRest();
        for (Job job : rehearsal.state.jobs()) {
            int max = rehearsal.state.target(job.target()).orElseThrow().scale().max();
            if (job.nodeCount() > max) {
                rehearsal.pending.add(new Command.CancelJob(job.id()));
            }
        }
    }
}
