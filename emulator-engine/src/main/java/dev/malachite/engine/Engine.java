package dev.malachite.engine;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides what a command comes to. Pure: the same state, command and time give the same decision, and nothing but the
 * result tells that it was asked.
 */
public final class Engine {

    /** For those who follow the events: what they wait for may have happened unseen. */
    private static final Event STARTED = new Event(
            "emulator.started",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "The emulator has started. If it was killed before, events of its last moment may be missing.");

    /** The image that a node waits with when no job has asked for another one yet. */
    public static ImageKey defaultImage(RuntimeKind runtime) {
        return new ImageKey("default-" + runtime.name().toLowerCase(Locale.ROOT));
    }

    /**
     * Decides a command.
     *
     * @throws Refusal when the rules do not allow it
     */
    @SuppressWarnings("unchecked") // each command's own type says what its reply is
    public <R> Decision<R> decide(State state, Command<R> command, Instant now) {
        Draft draft = new Draft(state, now);
        Object reply = switch (command) {
            case Command.Wish<?> wish -> grant(draft, wish);
            case Command.Observation seen -> {
                observe(draft, seen);
                yield Done.DONE;
            }
        };
        return draft.decide((R) reply);
    }

    private static Object grant(Draft draft, Command.Wish<?> wish) {
        return switch (wish) {
            case Command.PutTarget put -> TargetRules.put(draft, put);
            case Command.DeleteTarget delete -> TargetRules.delete(draft, delete.id(), delete.operation());
            case Command.PowerInstance power -> InstanceRules.power(draft, power);
            case Command.FollowSchedule schedule -> InstanceRules.follow(draft, schedule);
            case Command.ResizeInstance resize -> InstanceRules.resize(draft, resize);
            case Command.RemoveWorkspace remove -> TargetRules.removeWorkspace(draft, remove.workspace());
            case Command.SubmitJob submit -> JobRules.submit(draft, submit);
            case Command.SubmitParent submit -> ParentRules.submit(draft, submit);
            case Command.CancelJob cancel -> JobRules.cancel(draft, cancel.id());
            case Command.EvictNode evict -> NodeRules.evict(draft, evict);
            case Command.BreakNode breaking -> NodeRules.breakDown(draft, breaking.id(), breaking.message());
            case Command.RepairNode repair -> NodeRules.repair(draft, repair.id());
            case Command.SetLimit set -> QuotaRules.set(draft, set);
            case Command.AddFault add -> FaultRules.add(draft, add);
            case Command.RemoveFault remove -> FaultRules.remove(draft, remove.id());
            case Command.ClearFaults _ -> FaultRules.clear(draft);
            case Command.StrikeFault strike -> FaultRules.strike(draft, strike.id());
        };
    }

    private static void observe(Draft draft, Command.Observation seen) {
        switch (seen) {
            case Command.ImageReady ready -> ImageRules.ready(draft, ready.key(), ready.reference());
            case Command.ImageFailed failed -> ImageRules.failed(draft, failed.key(), failed.message());
            case Command.MachineStarted started -> InstanceRules.started(draft, started);
            case Command.MachineFailed failed -> InstanceRules.failed(draft, failed);
            case Command.ScriptEnded ended -> InstanceRules.scriptEnded(draft, ended);
            case Command.MachineStopped stopped -> InstanceRules.stopped(draft, stopped);
            case Command.MachineRemoved removed -> InstanceRules.removed(draft, removed);
            case Command.MachineLost lost -> InstanceRules.lost(draft, lost);
            case Command.MachineDown down -> InstanceRules.down(draft, down);
            case Command.MachineActive active -> InstanceRules.active(draft, active);
            case Command.NodeOpened opened -> NodeRules.opened(draft, opened.id(), opened.generation());
            case Command.NodeFailed failed ->
                NodeRules.failed(draft, failed.id(), failed.generation(), failed.message());
            case Command.NodeLost lost -> NodeRules.lost(draft, lost.id(), lost.generation(), lost.reason());
            case Command.NodeClosed closed -> NodeRules.closed(draft, closed.id());
            case Command.JobRefused refused -> JobRules.refused(draft, refused);
            case Command.TargetClosed closed -> TargetRules.closed(draft, closed.id());
            case Command.JobStarted started -> JobRules.started(draft, started.id(), started.attempt());
            case Command.JobExited exited ->
                JobRules.exited(draft, exited.node(), exited.generation(), exited.exitCode());
            case Command.JobCollected collected -> JobRules.collected(draft, collected);
            case Command.ChildEnded ended -> ParentRules.childEnded(draft, ended);
            case Command.TrialReported reported -> Trials.reported(draft, reported);
            case Command.ParentDue due -> ParentRules.due(draft, due.id());
            case Command.FaultDue due -> FaultRules.due(draft, due.id());
            case Command.ParentFinished finished -> ParentRules.finished(draft, finished.id());
            case Command.EmulatorStarted _ -> draft.tell(STARTED);
        }
    }
}
