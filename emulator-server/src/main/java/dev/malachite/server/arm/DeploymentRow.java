package dev.malachite.server.arm;

import dev.malachite.server.web.Json;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** A deployment as it is kept: its answer, with the list of what it did. */
@Entity
@SuppressWarnings("UnusedVariable") // queries read the keys
@Table(name = "deployment")
class DeploymentRow {

    @Id
    private String id;

    private String subscriptionKey;
    private String groupKey;
    private String nameKey;
    private String subscription;
    private String resourceGroup;
    private String name;
    private Instant createdOn;
    private String document;

    @SuppressWarnings("NullAway") // Hibernate fills the fields
    protected DeploymentRow() {}

    DeploymentRow(String subscription, String resourceGroup, String name, Instant createdOn, ObjectNode document) {
        this.id = UUID.randomUUID().toString();
        this.subscription = subscription;
        this.resourceGroup = resourceGroup;
        this.name = name;
        this.subscriptionKey = Keys.of(subscription);
        this.groupKey = Keys.of(resourceGroup);
        this.nameKey = Keys.of(name);
        this.createdOn = createdOn;
        this.document = Json.text(document);
    }

    /** Takes a later deployment's place under the same name. */
    void replace(Instant now, ObjectNode changed) {
        createdOn = now;
        document = Json.text(changed);
    }

    ObjectNode document() {
        return Json.parse(document);
    }
}
