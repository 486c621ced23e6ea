package dev.malachite.server.arm;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Operations that were accepted with 202. They are done when the answer leaves, but clients ask how they ended, and an
 * operation that never was is a 404.
 */
@Component
class Operations {

    /** Longer than any client asks. */
    private static final Duration KEPT = Duration.ofDays(1);

    private final OperationRows rows;
    private final Clock clock;

    Operations(OperationRows rows, Clock clock) {
        this.rows = rows;
        this.clock = clock;
    }

    /** Records an operation and tells its id. */
    @Transactional
    public String done(String subscription) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        rows.deleteOlderThan(now.minus(KEPT));
        String id = UUID.randomUUID().toString();
        rows.save(new OperationRow(id, Keys.of(subscription), now));
        return id;
    }

    @Transactional(readOnly = true)
    public boolean exists(String subscription, String id) {
        return rows.existsByIdAndSubscriptionKey(Keys.of(id), Keys.of(subscription));
    }
}
