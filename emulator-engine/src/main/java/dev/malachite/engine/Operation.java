package dev.malachite.engine;

import java.time.Instant;

/**
 * A long-running operation on a target, kept after its end: a client may ask after the target is gone.
 *
 * @param sequence order of creation; the oldest are forgotten first
 */
public record Operation(OperationId id, long sequence, TargetId target, boolean done, Instant startedOn) {

    Operation finished() {
        return new Operation(id, sequence, target, true, startedOn);
    }
}
