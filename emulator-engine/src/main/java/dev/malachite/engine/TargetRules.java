package dev.malachite.engine;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How targets are made, changed and deleted. */
final class TargetRules {

    private TargetRules() {}

    static Command.PutTarget.Reply put(Draft draft, Command.PutTarget put) {
        Target known = draft.state().target(put.id()).orElse(null);
        refuseStale(known, put);
        Target target;
        if (known == null) {
            target = Target.created(put, draft.now());
            QuotaRules.refuseAnother(draft.state(), target);
            QuotaRules.refuseHopeless(draft.state(), target);
            if (target.workplace()) {
                InstanceRules.refuseTaken(draft.state(), put.id(), put.scope());
            }
            if (target.instance()) {
                QuotaRules.refuseMore(draft.state(), target, 0);
            }
            draft.tell(Event.of(target, "target.created", "Compute target %s is made.".formatted(put.name())));
        } else {
            if (known.deleting()) {
                throw new Refusal(
                        Refusal.Kind.CONFLICT,
                        "Conflict",
                        "Compute '%s' is being deleted.".formatted(known.displayName()));
            }
            refuseImmutable(known, put.kind());
            target = known.updated(put.kind(), put.document(), draft.now());
            QuotaRules.refuseHopeless(draft.state(), target);
            draft.tell(Event.of(target, "target.updated", "Compute target %s is changed.".formatted(put.name())));
        }
        draft.put(target);
        boolean done = known != null || !target.instance();
        draft.put(new Operation(put.operation(), draft.nextSequence(), put.id(), done, draft.now(), Optional.empty()));
        if (!done) {
            InstanceRules.create(draft, put.id(), put.operation());
        }
        return new Command.PutTarget.Reply(target, known == null);
    }

    /** Whoever changes a part of what was read must not undo what another has changed since. */
    private static void refuseStale(@Nullable Target known, Command.PutTarget put) {
        put.basedOn()
                .filter(time -> known == null || !known.modifiedOn().equals(time))
                .ifPresent(time -> {
                    throw new Refusal(
                            Refusal.Kind.CONFLICT,
                            "Conflict",
                            "Compute '%s' was changed at the same moment.".formatted(put.name()));
                });
    }

    /** Size and priority are fixed at creation: the service recreates or refuses (terraform#15825, TestAccComputeCluster_recreateVmSize). */
    private static void refuseImmutable(Target known, ComputeKind wanted) {
        if (wanted instanceof ComputeKind.Serverless) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "Conflict",
                    "A compute named '%s' exists already.".formatted(known.displayName()));
        }
        if (!known.kind().getClass().equals(wanted.getClass())) {
            // A machine that was attached and one that was made with its target are both Azure's VirtualMachine.
            throw known.kind().wire().equals(wanted.wire())
                    ? immutable(known, "resourceId", resource(known.kind()))
                    : immutable(known, "computeType", known.kind().wire());
        }
        switch (known.kind()) {
            case ComputeKind.AmlCompute had -> {
                ComputeKind.AmlCompute wants = (ComputeKind.AmlCompute) wanted;
                refuseSize(known, "vmSize", had.size(), wants.size());
                if (had.priority() != wants.priority()) {
                    throw immutable(known, "vmPriority", had.priority().wire());
                }
            }
            case ComputeKind.ComputeInstance had ->
                // It changes by a resize only.
                refuseSize(known, "vmSize", had.size(), ((ComputeKind.ComputeInstance) wanted).size());
            case ComputeKind.MadeMachine had -> {
                ComputeKind.MadeMachine wants = (ComputeKind.MadeMachine) wanted;
                refuseSize(known, "virtualMachineSize", had.size(), wants.size());
                if (!had.user().equals(wants.user())) {
                    throw immutable(known, "administratorAccount.username", had.user());
                }
            }
            case ComputeKind.Elsewhere had -> refuseAnother(known, had, (ComputeKind.Elsewhere) wanted);
            case ComputeKind.Serverless _ -> {} // nobody puts one
        }
    }

    private static void refuseSize(Target known, String property, VmSize had, VmSize wanted) {
        if (!had.equals(wanted)) {
            throw immutable(known, property, had.name());
        }
    }

    private static String resource(ComputeKind kind) {
        return kind instanceof ComputeKind.Elsewhere elsewhere
                ? elsewhere.resource().orElse("")
                : "";
    }

    /** What is attached under a name stays: it is detached, and another one attached. */
    private static void refuseAnother(Target known, ComputeKind.Elsewhere had, ComputeKind.Elsewhere wants) {
        String resource = resource(had);
        if (had.attached() != wants.attached()
                || !resource.equalsIgnoreCase(wants.resource().orElse(""))) {
            throw immutable(known, "resourceId", resource);
        }
        if (had instanceof ComputeKind.External service
                && wants instanceof ComputeKind.External other
                && service.service() != other.service()) {
            throw immutable(known, "computeType", service.wire());
        }
    }

    private static Refusal immutable(Target known, String property, String value) {
        return new Refusal(
                Refusal.Kind.INVALID,
                "InvalidPropertyChange",
                "Property '%s' of compute '%s' is '%s' and cannot be changed; delete the compute and make it anew."
                        .formatted(property, known.displayName(), value));
    }

    static Operation delete(Draft draft, TargetId id, OperationId operation) {
        Target target = draft.state()
                .target(id)
                .orElseThrow(() -> new Refusal(
                        Refusal.Kind.NOT_FOUND, "NotFound", "Compute '%s' was not found.".formatted(id.name())));
        if (target.deleting()) {
            return target.deletion().flatMap(draft.state()::operation).orElseThrow();
        }
        endJobs(draft, target);
        boolean clean = target.nodesMade() == 0 && !target.instance();
        Operation begun = new Operation(operation, draft.nextSequence(), id, clean, draft.now(), Optional.empty());
        draft.put(begun);
        if (clean) {
            FaultRules.forget(draft, id);
            draft.removeTarget(id);
        } else {
            draft.put(target.deletedBy(operation, draft.now()));
            InstanceRules.delete(draft, id);
        }
        draft.tell(Event.of(target, "target.deleted", "Compute target %s is deleted.".formatted(target.displayName())));
        return begun;
    }

    /** A target goes by itself: the job that it was for has ended. */
    static void retire(Draft draft, Target target) {
        delete(
                draft,
                target.id(),
                new OperationId("retire-%s-%d".formatted(target.id().name(), draft.nextSequence())));
    }

    private static void endJobs(Draft draft, Target target) {
        for (Job job : draft.state().waiting(target.id())) {
            draft.end(job.ended(JobPhase.CANCELED, null));
            draft.tell(Event.of(job, "job.canceled", "Its compute target was deleted."));
        }
        for (Node node : List.copyOf(draft.state().nodesOf(target.id()))) {
            node.job()
                    .flatMap(draft.state()::job)
                    .ifPresent(job -> JobRules.stop(draft, job, Job.StopReason.TARGET_DELETED));
        }
    }

    static Done removeWorkspace(Draft draft, WorkspaceId workspace) {
        for (Parent parent : List.copyOf(draft.state().parents())) {
            if (parent.id().workspace().equals(workspace)) {
                ParentRules.cancel(draft, parent);
            }
        }
        for (Target target : List.copyOf(draft.state().targets())) {
            if (target.id().workspace().equals(workspace) && !target.deleting()) {
                delete(
                        draft,
                        target.id(),
                        new OperationId("workspace-%s-%d".formatted(target.id(), draft.nextSequence())));
            }
        }
        for (QuotaKey key : List.copyOf(draft.state().limits().keySet())) {
            if (key.workspace().filter(workspace::equals).isPresent()) {
                draft.limit(key, Optional.empty());
            }
        }
        return Done.DONE;
    }

    static void closed(Draft draft, TargetId id) {
        if (!draft.state().nodesOf(id).isEmpty() || draft.state().instance(id).isPresent()) {
            return; // said of an earlier target of that name
        }
        draft.state().target(id).filter(Target::deleting).ifPresent(target -> {
            FaultRules.forget(draft, id);
            draft.removeTarget(id);
            target.deletion().flatMap(draft.state()::operation).ifPresent(operation -> draft.put(operation.finished()));
            draft.tell(Event.of(target, "target.gone", "Nothing is left of it."));
        });
    }
}
