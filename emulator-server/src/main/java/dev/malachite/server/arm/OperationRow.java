package dev.malachite.server.arm;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** An operation that was accepted, as it is kept. */
@Entity
@SuppressWarnings("UnusedVariable") // queries read the columns
@Table(name = "arm_operation")
class OperationRow {

    @Id
    private String id;

    private String subscriptionKey;
    private Instant createdOn;

    @SuppressWarnings("NullAway") // Hibernate fills the fields
    protected OperationRow() {}

    OperationRow(String id, String subscriptionKey, Instant createdOn) {
        this.id = id;
        this.subscriptionKey = subscriptionKey;
        this.createdOn = createdOn;
    }
}
