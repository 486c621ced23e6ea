package dev.malachite.server.trigger;

import java.time.Instant;
import java.util.Optional;

/** Says when something that recurs is due. */
public sealed interface Trigger permits Cron, Recurrence {

    /** The first time after {@code instant}; empty when none is left. */
    Optional<Instant> next(Instant instant);
}
