package dev.malachite.server.arm;

import dev.malachite.server.database.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Operations that were accepted with 202. They are done when the answer leaves, but clients ask how they ended, and an
 * operation that never was is a 404.
 */
@Component
class Operations {

    /** Longer than any client asks. */
    private static final Duration KEPT = Duration.ofDays(1);

    private final OperationRows rows;
    private final Transactions transactions;
    private final Clock clock;

    Operations(OperationRows rows, Transactions transactions, Clock clock) {
        this.rows = rows;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Records an operation and tells its id. */
    String done(String subscription) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return transactions.write(() -> {
            rows.deleteOlderThan(now.minus(KEPT));
            String id = UUID.randomUUID().toString();
            rows.save(new OperationRow(id, Keys.of(subscription), now));
            return id;
        });
    }

    boolean exists(String subscription, String id) {
        return transactions.read(() -> rows.existsByIdAndSubscriptionKey(Keys.of(id), Keys.of(subscription)));
    }
}
