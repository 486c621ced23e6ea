package dev.malachite.server.dataset;

import dev.malachite.server.web.Json;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** The row of a definition that was saved, with or without a name; it never changes. */
@Entity
@Table(name = "saved_dataset")
class SavedDatasetRow {

    @EmbeddedId
    private Key key = new Key("", "");

    @Column(updatable = false)
    private String digest = "";

    @Column(updatable = false)
    private String document = "{}";

    @Column(updatable = false)
    private Instant created = Instant.EPOCH;

    protected SavedDatasetRow() {}

    /**
     * Makes the row.
     *
     * @param digest of the document: the same definition is saved once
     * @param document type, properties and dataflow
     */
    SavedDatasetRow(Key key, String digest, ObjectNode document, Instant now) {
        this.key = key;
        this.digest = digest;
        this.document = Json.text(document);
        this.created = now;
    }

    /** Primary key. */
    @Embeddable
    record Key(
            @Column(name = "workspace_id") String workspaceId,
            @Column(name = "id") String id) {}

    String id() {
        return key.id();
    }

    ObjectNode document() {
        return Json.parse(document);
    }

    Instant created() {
        return created;
    }
}
