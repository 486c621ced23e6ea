package dev.malachite.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * How a compute instance stands: beside its {@link Target}, which says what it is to be.
 *
 * @param step what its machine must do now
 * @param order counts what was asked of the machine, on from where an earlier instance of that name left off: what is
 *     observed of an earlier order says nothing any more
 * @param setUp whether its creation script, if it has one, has succeeded: it runs once
 * @param operation what a client waits for
 * @param idleSince since when no job runs or waits, and nobody was seen at work in it; empty while it is not idle
 * @param followedUntil schedules have been followed up to this time
 * @param access of the machine that runs
 */
public record Instance(
        TargetId id,
        InstanceState state,
        Step step,
        int order,
        boolean setUp,
        LastOperation lastOperation,
        Optional<OperationId> operation,
        Optional<Instant> idleSince,
        Instant followedUntil,
        Optional<MachineAccess> access) {

    /** What a machine is asked for. */
    public enum Step {
        REST,
        START,
        CREATION_SCRIPT,
        STARTUP_SCRIPT,
        STOP,
        /** To say when somebody last did something in it. */
        ASK
    }

    static Instance created(TargetId id, OperationId operation, int order, Instant now) {
        return new Instance(
                id,
                InstanceState.CREATING,
                Step.START,
                order,
                false,
                LastOperation.begun(LastOperation.Name.CREATE, now, LastOperation.Trigger.USER),
                Optional.of(operation),
                Optional.empty(),
                now,
                Optional.empty());
    }

    public boolean running() {
        return state == InstanceState.RUNNING;
    }

    /** Whether it still waits for what was asked in that order. */
    boolean awaits(int asked, Step... steps) {
        if (order == asked) {
            for (Step each : steps) {
                if (step == each) {
                    return true;
                }
            }
        }
        return false;
    }

    /** In another state, with another thing asked of its machine. */
    Instance becomes(InstanceState next, Step asked) {
        if (next != state && !state.next().contains(next)) {
            throw new IllegalStateException("%s cannot go from %s to %s".formatted(id, state, next));
        }
        return new Instance(
                id,
                next,
                asked,
                asked == Step.REST ? order : order + 1,
                setUp,
                lastOperation,
                operation,
                Optional.empty(),
                followedUntil,
                next == InstanceState.STOPPED ? Optional.empty() : access);
    }

    Instance begins(LastOperation begun, Optional<OperationId> waited) {
        return new Instance(id, state, step, order, setUp, begun, waited, idleSince, followedUntil, access);
    }

    /** Nothing is waited for any more. */
    Instance ended(boolean well) {
        return new Instance(
                id,
                state,
                step,
                order,
                setUp,
                lastOperation.ended(well),
                Optional.empty(),
                idleSince,
                followedUntil,
                access);
    }

    Instance reached(MachineAccess at) {
        return new Instance(
                id, state, step, order, setUp, lastOperation, operation, idleSince, followedUntil, Optional.of(at));
    }

    /** Its creation script has succeeded. */
    Instance madeReady() {
        return new Instance(id, state, step, order, true, lastOperation, operation, idleSince, followedUntil, access);
    }

    Instance idle(Optional<Instant> since) {
        return new Instance(id, state, Step.REST, order, setUp, lastOperation, operation, since, followedUntil, access);
    }

    /** The machine is asked when somebody last did something in it. */
    Instance asked() {
        return new Instance(
                id, state, Step.ASK, order + 1, setUp, lastOperation, operation, idleSince, followedUntil, access);
    }

    Instance followed(Instant until) {
        return new Instance(id, state, step, order, setUp, lastOperation, operation, idleSince, until, access);
    }
}
