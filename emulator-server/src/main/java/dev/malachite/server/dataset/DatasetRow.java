package dev.malachite.server.dataset;

import dev.malachite.server.web.Json;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** The row of a name under which datasets are registered: what all of its versions share. */
@Entity
@Table(name = "dataset")
class DatasetRow {

    @EmbeddedId
    private Key key = new Key("", "");

    @Column(updatable = false)
    private String name = "";

    private String document = "{}";

    private int latest;

    @Column(updatable = false)
    private Instant created = Instant.EPOCH;

    private Instant modified = Instant.EPOCH;

    protected DatasetRow() {}

    DatasetRow(Key key, String name, ObjectNode document, Instant now) {
        this.key = key;
        this.name = name;
        this.document = Json.text(document);
        this.created = now;
        this.modified = now;
    }

    /** Primary key. */
    @Embeddable
    record Key(
            @Column(name = "workspace_id") String workspaceId,
            @Column(name = "id") String id) {}

    String workspaceId() {
        return key.workspaceId();
    }

    String id() {
        return key.id();
    }

    String name() {
        return name;
    }

    int latest() {
        return latest;
    }

    Instant created() {
        return created;
    }

    Instant modified() {
        return modified;
    }

    ObjectNode document() {
        return Json.parse(document);
    }

    void change(ObjectNode document, Instant now) {
        this.document = Json.text(document);
        this.modified = now;
    }

    /** Another version. */
    int next() {
        return ++latest;
    }
}
