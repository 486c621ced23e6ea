package dev.malachite.server.resource;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The row of one declared resource; ids and their parts are kept in lower case, because they are found without case. */
@Entity
@Table(name = "declared_resource")
class ResourceRow {

    @Id
    private String id = "";

    @Column(name = "subscription_key", updatable = false)
    private String subscriptionKey = "";

    @Column(name = "group_key", updatable = false)
    private String groupKey = "";

    @Column(name = "type_key", updatable = false)
    private String typeKey = "";

    private String document = "";

    protected ResourceRow() {}

    ResourceRow(ArmId id) {
        this.id = Resources.key(id.text());
        this.subscriptionKey = Resources.key(id.subscription());
        this.groupKey = Resources.key(id.group());
        this.typeKey = Resources.key(id.type());
    }

    void document(String text) {
        document = text;
    }

    String document() {
        return document;
    }
}
