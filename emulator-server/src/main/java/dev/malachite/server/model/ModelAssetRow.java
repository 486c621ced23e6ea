package dev.malachite.server.model;

import dev.malachite.server.web.Json;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** The row of one asset of the model management: which artifacts a model is made of. */
@Entity
@Table(name = "model_asset")
class ModelAssetRow {

    @EmbeddedId
    private Key key = new Key("", "");

    private String document = "{}";

    @Column(updatable = false)
    private Instant created = Instant.EPOCH;

    protected ModelAssetRow() {}

    ModelAssetRow(Key key, ObjectNode document, Instant now) {
        this.key = key;
        this.document = Json.text(document);
        this.created = now;
    }

    /** Primary key. */
    @Embeddable
    record Key(
            @Column(name = "workspace_id") String workspaceId,
            @Column(name = "id") String id) {}

    /** As received, with what the service adds. */
    ObjectNode wire() {
        return Json.parse(document).put("id", key.id()).put("createdTime", created.toString());
    }
}
