package dev.malachite.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * A long-running operation on a target, kept after its end: a client may ask after the target is gone.
 *
 * @param sequence order of creation; the oldest are forgotten first
 * @param failure why it has failed, if it has
 */
public record Operation(
        OperationId id,
        long sequence,
        TargetId target,
        boolean done,
        Instant startedOn,
        Optional<TargetError> failure) {

    Operation finished() {
        return new Operation(id, sequence, target, true, startedOn, failure);
    }

    Operation failed(TargetError error) {
        return new Operation(id, sequence, target, true, startedOn, Optional.of(error));
    }
}
