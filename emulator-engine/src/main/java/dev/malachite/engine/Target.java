package dev.malachite.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One compute target.
 *
 * @param displayName the name in the case given at creation
 * @param document the resource as received, JSON; the engine does not look into it
 * @param runtime what its nodes are made of, fixed at creation
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

    static Target created(
            TargetId id, String name, ComputeKind kind, String document, RuntimeKind runtime, Instant now) {
        return new Target(
                id,
                name,
                kind,
                document,
                runtime,
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
        };
    }

    boolean evictable() {
        return switch (kind) {
            case ComputeKind.AmlCompute cluster -> cluster.priority() == VmPriority.LOW_PRIORITY;
        };
    }

    Target updated(ComputeKind newKind, String newDocument, Instant now) {
        return new Target(
                id,
                displayName,
                newKind,
                newDocument,
                runtime,
                provisioning,
                resizing,
                allocationSince,
                errors,
                nodesMade,
                failures,
                retryAt,
                deletion,
                createdOn,
                now);
    }

    Target resizing(boolean nowResizing, Instant now) {
        return new Target(
                id,
                displayName,
                kind,
                document,
                runtime,
                provisioning,
                nowResizing,
                now,
                errors,
                nodesMade,
                failures,
                retryAt,
                deletion,
                createdOn,
                modifiedOn);
    }

    Target deletedBy(OperationId operation, Instant now) {
        return new Target(
                id,
                displayName,
                kind,
                document,
                runtime,
                Provisioning.DELETING,
                resizing,
                allocationSince,
                errors,
                nodesMade,
                failures,
                retryAt,
                Optional.of(operation),
                createdOn,
                now);
    }

    Target withNodesMade(int made) {
        return new Target(
                id,
                displayName,
                kind,
                document,
                runtime,
                provisioning,
                resizing,
                allocationSince,
                errors,
                made,
                failures,
                retryAt,
                deletion,
                createdOn,
                modifiedOn);
    }

    Target failed(TargetError error, Instant retry) {
        return new Target(
                id,
                displayName,
                kind,
                document,
                runtime,
                provisioning,
                resizing,
                allocationSince,
                List.of(error),
                nodesMade,
                failures + 1,
                Optional.of(retry),
                deletion,
                createdOn,
                modifiedOn);
    }

    Target healthy() {
        return new Target(
                id,
                displayName,
                kind,
                document,
                runtime,
                provisioning,
                resizing,
                allocationSince,
                List.of(),
                nodesMade,
                0,
                Optional.empty(),
                deletion,
                createdOn,
                modifiedOn);
    }
}
