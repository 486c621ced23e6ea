package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The life of a compute instance: what is asked of it, what comes of its machine, and when it goes to sleep by itself. */
final class InstanceRules {

    private InstanceRules() {}

    /** A new one: nothing runs yet. */
    static void create(Draft draft, TargetId id, OperationId operation) {
        draft.put(Instance.created(id, operation, Math.toIntExact(draft.nextSequence()), draft.now()));
    }

    /** Names of instances are unique in a region, over all subscriptions (document 003; the message is the service's). */
    static void refuseTaken(State state, TargetId id, QuotaScope scope) {
        if (state.instanceNamed(id.name(), scope.location())
                .filter(other -> !other.equals(id))
                .isPresent()) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "Conflict",
                    "Compute name '%s' is not available. Reason: AlreadyExists. Message: The specified name %s is already in use and is therefore unavailable"
                            .formatted(id.name(), id.name()));
        }
    }

    static Operation power(Draft draft, Command.PowerInstance wish) {
        Instance instance = require(draft, wish.id());
        refuseUnless(draft, instance, wish.power().wire(), wish.power().possibleIn(instance.state()));
        Operation operation =
                new Operation(wish.operation(), draft.nextSequence(), wish.id(), false, draft.now(), Optional.empty());
        draft.put(operation);
        begin(draft, instance, wish.power(), LastOperation.Trigger.USER, Optional.of(operation.id()));
        return operation;
    }

    /** A schedule is due; each time counts once, and one that finds the instance otherwise occupied passes. */
    static Done follow(Draft draft, Command.FollowSchedule schedule) {
        draft.state()
                .instance(schedule.id())
                .filter(found -> schedule.due().isAfter(found.followedUntil()))
                .map(found -> found.followed(schedule.due()))
                .ifPresent(instance -> {
                    if (schedule.power().possibleIn(instance.state())) {
                        begin(draft, instance, schedule.power(), LastOperation.Trigger.SCHEDULE, Optional.empty());
                    } else {
                        draft.put(instance);
                    }
                });
        return Done.DONE;
    }

    private static void begin(
            Draft draft,
            Instance instance,
            Power power,
            LastOperation.Trigger trigger,
            Optional<OperationId> operation) {
        Target target = draft.state().target(instance.id()).orElseThrow();
        if (power != Power.START) {
            endJobs(draft, target.id());
        }
        draft.put(instance.becomes(power.leadsTo(), power == Power.START ? Instance.Step.START : Instance.Step.STOP)
                .begins(LastOperation.begun(power.operation(), draft.now(), trigger), operation));
        draft.put(target.healthy());
        draft.tell(Event.of(
                target,
                "instance." + power.leadsTo().wire().toLowerCase(Locale.ROOT),
                "%s, asked for by %s.".formatted(power.leadsTo().wire(), trigger.wire())));
    }

    /** Jobs are containers beside the machine; they end with it, those that wait go on waiting. */
    private static void endJobs(Draft draft, TargetId id) {
        for (Node node : List.copyOf(draft.state().nodesOf(id))) {
            node.job()
                    .flatMap(draft.state()::job)
                    .ifPresent(job -> JobRules.stop(draft, job, Job.StopReason.INSTANCE_STOPPED));
        }
    }

    /** A stopped one needs no more than to know its new size; a running one is started anew with it. */
    static Operation resize(Draft draft, Command.ResizeInstance wish) {
        Instance instance = require(draft, wish.id());
        refuseUnless(
                draft,
                instance,
                "Resize",
                instance.state() == InstanceState.STOPPED || instance.state() == InstanceState.RUNNING);
        Target target = draft.state().target(wish.id()).orElseThrow();
        Target resized = target.resized(wish.size(), wish.document(), draft.now());
        QuotaRules.refuseHopeless(draft.state(), resized);
        QuotaRules.refuseMore(draft.state(), resized, target.size().vCpus());
        boolean stopped = instance.state() == InstanceState.STOPPED;
        Operation operation = new Operation(
                wish.operation(), draft.nextSequence(), wish.id(), stopped, draft.now(), Optional.empty());
        draft.put(operation);
        draft.put(resized);
        draft.touchStarved(target.scope());
        Instance begun = instance.begins(
                LastOperation.begun(LastOperation.Name.RESIZE, draft.now(), LastOperation.Trigger.USER),
                stopped ? Optional.empty() : Optional.of(operation.id()));
        if (stopped) {
            draft.put(begun.ended(true));
        } else {
            endJobs(draft, target.id());
            draft.put(begun.becomes(InstanceState.RESIZING, Instance.Step.STOP));
        }
        draft.tell(Event.of(
                target,
                "instance.resizing",
                "Its size will be %s.".formatted(wish.size().name())));
        return operation;
    }

    /** Its target is deleted: what was going on is over. */
    static void delete(Draft draft, TargetId id) {
        draft.state().instance(id).ifPresent(instance -> {
            fail(draft, instance, new TargetError("Conflict", "The compute instance was deleted.", draft.now()));
            draft.put(instance.ended(false)
                    .becomes(InstanceState.DELETING, Instance.Step.REST)
                    .begins(
                            LastOperation.begun(LastOperation.Name.DELETE, draft.now(), LastOperation.Trigger.USER),
                            Optional.empty()));
        });
    }

    static void started(Draft draft, Command.MachineStarted seen) {
        awaiting(draft, seen.id(), seen.order(), Instance.Step.START).ifPresent(instance -> {
            Target target = draft.state().target(seen.id()).orElseThrow();
            proceed(draft, target, instance.reached(seen.access()));
        });
    }

    /** What follows on a start, or on a script that has succeeded. */
    private static void proceed(Draft draft, Target target, Instance instance) {
        ComputeKind.ComputeInstance kind = kind(target);
        if (!instance.setUp() && kind.creationScript()) {
            draft.put(instance.becomes(InstanceState.SETTING_UP, Instance.Step.CREATION_SCRIPT));
        } else if (kind.startupScript() && instance.step() != Instance.Step.STARTUP_SCRIPT) {
            draft.put(instance.madeReady().becomes(InstanceState.SETTING_UP, Instance.Step.STARTUP_SCRIPT));
        } else {
            succeed(draft, instance);
            draft.put(instance.madeReady()
                    .becomes(InstanceState.RUNNING, Instance.Step.REST)
                    .ended(true));
            draft.tell(Event.of(target, "instance.running", "It runs."));
        }
    }

    static void scriptEnded(Draft draft, Command.ScriptEnded seen) {
        awaiting(draft, seen.id(), seen.order(), Instance.Step.CREATION_SCRIPT, Instance.Step.STARTUP_SCRIPT)
                .ifPresent(instance -> {
                    Target target = draft.state().target(seen.id()).orElseThrow();
                    if (seen.error().isEmpty()) {
                        proceed(
                                draft,
                                target,
                                instance.step() == Instance.Step.CREATION_SCRIPT ? instance.madeReady() : instance);
                    } else {
                        end(
                                draft,
                                instance,
                                InstanceState.SETUP_FAILED,
                                "SetupFailed",
                                seen.error().get());
                    }
                });
    }

    /** The machine could not be had. */
    static void failed(Draft draft, Command.MachineFailed seen) {
        awaiting(draft, seen.id(), seen.order(), Instance.Step.START).ifPresent(instance -> {
            boolean fresh = instance.state() == InstanceState.CREATING;
            end(
                    draft,
                    instance,
                    fresh ? InstanceState.CREATE_FAILED : InstanceState.UNUSABLE,
                    fresh ? "CreateFailed" : "UnusableNode",
                    seen.message());
        });
    }

    /** The words are the service's (azure-docs#85756). */
    static void lost(Draft draft, Command.MachineLost seen) {
        draft.state()
                .instance(seen.id())
                .filter(instance -> instance.order() == seen.order()
                        && (instance.running() || instance.state() == InstanceState.SETTING_UP))
                .ifPresent(instance -> end(
                        draft,
                        instance,
                        InstanceState.UNUSABLE,
                        "UnusableNode",
                        "The compute instance encountered an unusable node. Please try to restart the compute instance to resolve the issue. "
                                + seen.reason()));
    }

    /** The machine was stopped by nobody's wish, with its host for example: it is started again. */
    static void down(Draft draft, Command.MachineDown seen) {
        draft.state()
                .instance(seen.id())
                .filter(instance -> instance.order() == seen.order() && instance.running())
                .ifPresent(instance -> {
                    draft.put(instance.becomes(InstanceState.STARTING, Instance.Step.START));
                    draft.state()
                            .target(seen.id())
                            .ifPresent(target -> draft.tell(Event.of(
                                    target, "instance.starting", "Its machine was down and is started again.")));
                });
    }

    static void stopped(Draft draft, Command.MachineStopped seen) {
        awaiting(draft, seen.id(), seen.order(), Instance.Step.STOP).ifPresent(instance -> {
            if (instance.state() != InstanceState.STOPPING) {
                draft.put(instance.becomes(instance.state(), Instance.Step.START));
                return;
            }
            succeed(draft, instance);
            draft.put(
                    instance.becomes(InstanceState.STOPPED, Instance.Step.REST).ended(true));
            draft.state()
                    .target(seen.id())
                    .ifPresent(target -> draft.tell(Event.of(target, "instance.stopped", "It is stopped.")));
        });
    }

    static void removed(Draft draft, Command.MachineRemoved seen) {
        draft.state()
                .instance(seen.id())
                .filter(instance -> instance.order() == seen.order() && instance.state() == InstanceState.DELETING)
                .ifPresent(draft::remove);
    }

    /** Somebody was at work in it after all, or it goes to sleep. */
    static void active(Draft draft, Command.MachineActive seen) {
        awaiting(draft, seen.id(), seen.order(), Instance.Step.ASK).ifPresent(instance -> {
            Target target = draft.state().target(seen.id()).orElseThrow();
            Optional<Duration> idle = kind(target).idleBeforeShutdown();
            Optional<Instant> since =
                    seen.at().filter(at -> at.isAfter(instance.idleSince().orElse(draft.now())));
            if (idle.isEmpty()
                    || since.filter(at -> at.plus(idle.get()).isAfter(draft.now()))
                            .isPresent()) {
                draft.put(instance.idle(since.or(instance::idleSince)));
            } else {
                begin(draft, instance, Power.STOP, LastOperation.Trigger.IDLE_SHUTDOWN, Optional.empty());
            }
        });
    }

    /**
     * Looks whether it is idle, and asks its machine when it has been for long enough. The reply is when to look again.
     */
    static Optional<Instant> watch(Draft draft, Target target) {
        Instance instance = draft.state().instance(target.id()).orElse(null);
        if (instance == null || !instance.running()) {
            return Optional.empty();
        }
        boolean busy = draft.state().waitingCount(target.id()) > 0
                || draft.state().nodesOf(target.id()).stream()
                        .anyMatch(node -> node.job().isPresent());
        if (busy) {
            if (instance.idleSince().isPresent()) {
                draft.put(instance.idle(Optional.empty()));
            }
            return Optional.empty();
        }
        Instant since = instance.idleSince().orElse(draft.now());
        if (instance.idleSince().isEmpty()) {
            instance = instance.idle(Optional.of(since));
            draft.put(instance);
        }
        Optional<Instant> due = kind(target).idleBeforeShutdown().map(since::plus);
        if (due.isEmpty() || due.get().isAfter(draft.now())) {
            return due;
        }
        if (instance.step() == Instance.Step.REST) {
            draft.put(instance.asked());
        }
        return Optional.empty();
    }

    private static void end(Draft draft, Instance instance, InstanceState state, String code, String message) {
        TargetError error = new TargetError(code, message, draft.now());
        fail(draft, instance, error);
        draft.put(instance.becomes(state, Instance.Step.REST).ended(false));
        draft.state().target(instance.id()).ifPresent(target -> {
            draft.put(target.without(error));
            draft.tell(Event.of(target, "instance." + state.wire().toLowerCase(Locale.ROOT), message));
        });
    }

    private static void succeed(Draft draft, Instance instance) {
        instance.operation().flatMap(draft.state()::operation).ifPresent(operation -> draft.put(operation.finished()));
    }

    private static void fail(Draft draft, Instance instance, TargetError error) {
        instance.operation()
                .flatMap(draft.state()::operation)
                .ifPresent(operation -> draft.put(operation.failed(error)));
    }

    private static ComputeKind.ComputeInstance kind(Target target) {
        if (target.kind() instanceof ComputeKind.ComputeInstance kind) {
            return kind;
        }
        if (target.kind() instanceof ComputeKind.MadeMachine machine) {
            return machine.instance();
        }
        throw new IllegalStateException("no instance: " + target.id());
    }

    private static Optional<Instance> awaiting(Draft draft, TargetId id, int order, Instance.Step... steps) {
        return draft.state().instance(id).filter(instance -> instance.awaits(order, steps));
    }

    private static Instance require(Draft draft, TargetId id) {
        return draft.state()
                .instance(id)
                .orElseThrow(() -> new Refusal(
                        Refusal.Kind.NOT_FOUND,
                        "NotFound",
                        "Compute instance '%s' was not found.".formatted(id.name())));
    }

    private static void refuseUnless(Draft draft, Instance instance, String what, boolean possible) {
        if (possible) {
            return;
        }
        String name = draft.state()
                .target(instance.id())
                .map(Target::displayName)
                .orElse(instance.id().name());
        if (!instance.state().steady()) {
            // v1 clients wait and ask again where they read this (azureml-core,
            // ComputeInstance._update_instance_state).
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "Conflict",
                    "There is already an active operation submitted on the compute instance '%s': %s."
                            .formatted(name, instance.lastOperation().name().wire()));
        }
        throw new Refusal(
                Refusal.Kind.INVALID,
                "UserError",
                "Compute instance '%s' in state %s does not support %s operation."
                        .formatted(name, instance.state().wire(), what));
    }
}
