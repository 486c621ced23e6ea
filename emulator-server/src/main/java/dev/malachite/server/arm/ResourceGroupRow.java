package dev.malachite.server.arm;

import dev.malachite.server.web.Json;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** A resource group as it is kept. */
@Entity
@SuppressWarnings("UnusedVariable") // queries read the keys
@Table(name = "resource_group")
class ResourceGroupRow {

    @Id
    private String id;

    private String subscriptionKey;
    private String nameKey;
    private String subscription;
    private String name;
    private String location;
    private Instant createdOn;
    private String document;

    @SuppressWarnings("NullAway") // Hibernate fills the fields
    protected ResourceGroupRow() {}

    ResourceGroupRow(String subscription, String name, String location, Instant createdOn, ObjectNode document) {
        this.id = UUID.randomUUID().toString();
        this.subscription = subscription;
        this.name = name;
        this.subscriptionKey = Keys.of(subscription);
        this.nameKey = Keys.of(name);
        this.location = location;
        this.createdOn = createdOn;
        this.document = Json.text(document);
    }

    void change(ObjectNode changed) {
        document = Json.text(changed);
    }

    ResourceGroup toGroup() {
        return new ResourceGroup(subscription, name, location, createdOn, Json.parse(document));
    }
}
