package dev.malachite.server.arm;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A subscription that somebody has named. */
@Entity
@Table(name = "subscription")
class SubscriptionRow {

    @Id
    private String id;

    private Instant createdOn;

    @SuppressWarnings("NullAway") // Hibernate fills the fields
    protected SubscriptionRow() {}

    SubscriptionRow(String id, Instant createdOn) {
        this.id = id;
        this.createdOn = createdOn;
    }

    String id() {
        return id;
    }

    Instant createdOn() {
        return createdOn;
    }
}
