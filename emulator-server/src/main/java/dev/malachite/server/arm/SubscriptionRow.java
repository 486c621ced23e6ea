package dev.malachite.server.arm;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A subscription that somebody has named. */
@Entity
@Table(name = "subscription")
class SubscriptionRow {

    @Id
    private String id;

    private @Nullable String name;

    private Instant createdOn;

    @SuppressWarnings("NullAway") // Hibernate fills the fields
    protected SubscriptionRow() {}

    SubscriptionRow(String id, @Nullable String name, Instant createdOn) {
        this.id = id;
        this.name = name;
        this.createdOn = createdOn;
    }

    String id() {
        return id;
    }

    /** What it was called; without that it is called by its id. */
    Optional<String> name() {
        return Optional.ofNullable(name);
    }

    void name(String given) {
        name = given;
    }

    Instant createdOn() {
        return createdOn;
    }
}
