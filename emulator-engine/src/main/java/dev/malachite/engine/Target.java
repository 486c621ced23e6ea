package dev.malachite.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One compute target.
 *
 * @param displayName the name in the case given at creation
 * @param scope where its nodes' cores are counted
 * @param document the resource as received, JSON; the engine does not look into it
 * @param runtime what its machine is made of, and all its nodes but those of {@link #nodeRuntime}; fixed at creation
 * @param resizing whether the service would say Resizing, since {@code allocationSince}
 * @param nodesMade how many nodes it has ever had; tells whether anything must be cleaned up after it
 * @param failures consecutive failures to make a node; 0 after a success
 * @param retryAt before this no further node is tried, after a failure
 * @param deletion the operation that deletes it
 */
public record Target(
        TargetId id,
        String displayName,
        ComputeKind kind,
        QuotaScope scope,
        String document,
        RuntimeKind runtime,
        Provisioning provisioning,
        boolean resizing,
        Instant allocationSince,
        List<TargetError> errors,
        int nodesMade,
        int failures,
        Optional<Instant> retryAt,
        Optional<OperationId> deletion,
        Instant createdOn,
        Instant modifiedOn) {

    private static final Scale NO_NODES = new Scale(0, 0, Duration.ZERO);

    /** A machine runs one job at a time, and nothing of ours is on it in between. */
    private static final Scale ONE_MACHINE = new Scale(0, 1, Duration.ZERO);

    /** What costs nothing of any quota. */
    private static final VmSize NO_SIZE = new VmSize("", "", 0, 0, 0);

    static Target created(Command.PutTarget put, Instant now) {
        return new Target(
                put.id(),
                put.name(),
                put.kind(),
                put.scope(),
                put.document(),
                put.runtime(),
                Provisioning.SUCCEEDED,
                false,
                now,
                List.of(),
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                now,
                now);
    }

    boolean deleting() {
        return provisioning == Provisioning.DELETING;
    }

    /** The bounds within which it scales. */
    Scale scale() {
        return switch (kind) {
            case ComputeKind.AmlCompute cluster -> cluster.scale();
            case ComputeKind.Serverless serverless -> serverless.cluster().scale();
            case ComputeKind.VirtualMachine machine ->
                machine.address().isPresent() && machine.user().isPresent() ? ONE_MACHINE : NO_NODES;
            case ComputeKind.External _ -> NO_NODES;
            case ComputeKind.ComputeInstance instance -> instance.scale();
            case ComputeKind.MadeMachine _ -> ONE_MACHINE;
        };
    }

    /** The one job that it is for, if it is for one. */
    Optional<JobId> onlyFor() {
        return switch (kind) {
            case ComputeKind.AmlCompute _,
                    ComputeKind.ComputeInstance _,
                    ComputeKind.MadeMachine _,
                    ComputeKind.Elsewhere _ -> Optional.empty();
            case ComputeKind.Serverless serverless -> Optional.of(new JobId(id.workspace(), serverless.run()));
        };
    }

    boolean evictable() {
        return priority() == VmPriority.LOW_PRIORITY;
    }

    /** How its cores are counted, and whether its nodes may be taken away. */
    VmPriority priority() {
        return switch (kind) {
            case ComputeKind.AmlCompute cluster -> cluster.priority();
            case ComputeKind.Serverless serverless -> serverless.priority();
            case ComputeKind.Elsewhere _, ComputeKind.ComputeInstance _, ComputeKind.MadeMachine _ ->
                VmPriority.DEDICATED;
        };
    }

    /** What each of its nodes is. */
    public VmSize size() {
        return switch (kind) {
            case ComputeKind.AmlCompute cluster -> cluster.size();
            case ComputeKind.Serverless serverless -> serverless.size();
            case ComputeKind.Elsewhere _ -> NO_SIZE;
            case ComputeKind.ComputeInstance instance -> instance.size();
            case ComputeKind.MadeMachine machine -> machine.size();
        };
    }

    /** Whether it is one machine, whose cores are its own for as long as it exists; its nodes have none beside. */
    public boolean instance() {
        return kind instanceof ComputeKind.ComputeInstance || kind instanceof ComputeKind.MadeMachine;
    }

    /** Whether people work in it: only such a one is started, stopped and opened, and its name is its own in its region. */
    public boolean workplace() {
        return kind instanceof ComputeKind.ComputeInstance;
    }

    /** What its nodes are made of: a machine in a container is entered over SSH, as one of the user's own is. */
    public RuntimeKind nodeRuntime() {
        return kind instanceof ComputeKind.MadeMachine && runtime == RuntimeKind.DOCKER ? RuntimeKind.SSH : runtime;
    }

    /** The longest that the service lets a job run: 21 days, on a low-priority node 7 (service-facts.md, Lifetimes). */
    Duration jobLifetime() {
        return Duration.ofDays(evictable() ? 7 : 21);
    }

    /** Whether it would have more nodes if more cores were allowed. */
    boolean starved() {
        return errors.stream().anyMatch(error -> error.code().equals(TargetError.QUOTA));
    }

    Target updated(ComputeKind newKind, String newDocument, Instant now) {
        return copy().kind(newKind).document(newDocument).modifiedOn(now).done();
    }

    /** The same machine with another size. */
    Target resized(VmSize size, String newDocument, Instant now) {
        return kind instanceof ComputeKind.ComputeInstance instance
                ? updated(instance.resized(size), newDocument, now)
                : this;
    }

    Target resizing(boolean nowResizing, Instant now) {
        return copy().resizing(nowResizing).allocationSince(now).done();
    }

    Target deletedBy(OperationId operation, Instant now) {
        return copy().provisioning(Provisioning.DELETING)
                .deletion(Optional.of(operation))
                .modifiedOn(now)
                .done();
    }

    Target withNodesMade(int made) {
        return copy().nodesMade(made).done();
    }

    /** A node could not be made; the next try comes at {@code retry}. */
    Target failed(TargetError error, Instant retry) {
        return copy().errors(List.of(error))
                .failures(failures + 1)
                .retryAt(Optional.of(retry))
                .done();
    }

    /** Says why it has not what it should have; another try is not its own affair. */
    Target without(TargetError error) {
        return copy().errors(List.of(error)).done();
    }

    Target healthy() {
        return copy().errors(List.of()).failures(0).retryAt(Optional.empty()).done();
    }

    private Copy copy() {
        return new Copy(this);
    }

    /** Takes over all parts of a target but those that are named. */
    private static final class Copy {

        private final Target from;
        private ComputeKind kind;
        private String document;
        private Provisioning provisioning;
        private boolean resizing;
        private Instant allocationSince;
        private List<TargetError> errors;
        private int nodesMade;
        private int failures;
        private Optional<Instant> retryAt;
        private Optional<OperationId> deletion;
        private Instant modifiedOn;

        Copy(Target from) {
            this.from = from;
            kind = from.kind;
            document = from.document;
            provisioning = from.provisioning;
            resizing = from.resizing;
            allocationSince = from.allocationSince;
            errors = from.errors;
            nodesMade = from.nodesMade;
            failures = from.failures;
            retryAt = from.retryAt;
            deletion = from.deletion;
            modifiedOn = from.modifiedOn;
        }

        Copy kind(ComputeKind next) {
            kind = next;
            return this;
        }

        Copy document(String next) {
            document = next;
            return this;
        }

        Copy provisioning(Provisioning next) {
            provisioning = next;
            return this;
        }

        Copy resizing(boolean next) {
            resizing = next;
            return this;
        }

        Copy allocationSince(Instant next) {
            allocationSince = next;
            return this;
        }

        Copy errors(List<TargetError> next) {
            errors = next;
            return this;
        }

        Copy nodesMade(int next) {
            nodesMade = next;
            return this;
        }

        Copy failures(int next) {
            failures = next;
            return this;
        }

        Copy retryAt(Optional<Instant> next) {
            retryAt = next;
            return this;
        }

        Copy deletion(Optional<OperationId> next) {
            deletion = next;
            return this;
        }

        Copy modifiedOn(Instant next) {
            modifiedOn = next;
            return this;
        }

        Target done() {
            return new Target(
                    from.id,
                    from.displayName,
                    kind,
                    from.scope,
                    document,
                    from.runtime,
                    provisioning,
                    resizing,
                    allocationSince,
                    errors,
                    nodesMade,
                    failures,
                    retryAt,
                    deletion,
                    from.createdOn,
                    modifiedOn);
        }
    }
}
