package dev.malachite.server.arm;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.ListCrudRepository;
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

    private final Rows rows;
    private final Clock clock;

    Operations(Rows rows, Clock clock) {
        this.rows = rows;
        this.clock = clock;
    }

    @Transactional
    public String done(String subscription) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        rows.deleteOlderThan(now.minus(KEPT));
        Row row = new Row(UUID.randomUUID().toString(), Keys.of(subscription), now);
        rows.save(row);
        return row.id;
    }

    @Transactional(readOnly = true)
    public boolean exists(String subscription, String id) {
        return rows.existsByIdAndSubscriptionKey(Keys.of(id), Keys.of(subscription));
    }

    /** The table of operations. */
    interface Rows extends ListCrudRepository<Row, String> {

        boolean existsByIdAndSubscriptionKey(String id, String subscriptionKey);

        @Modifying
        @Query("delete from ArmOperation row where row.createdOn < :limit")
        void deleteOlderThan(Instant limit);
    }

    /** An operation as it is kept. */
    @SuppressWarnings("UnusedVariable") // queries read the keys
    @Entity(name = "ArmOperation")
    @Table(name = "arm_operation")
    static class Row {

        @Id
        private String id;

        private String subscriptionKey;
        private Instant createdOn;

        @SuppressWarnings("NullAway") // Hibernate fills the fields
        protected Row() {}

        Row(String id, String subscriptionKey, Instant createdOn) {
            this.id = id;
            this.subscriptionKey = subscriptionKey;
            this.createdOn = createdOn;
        }
    }
}
