package dev.malachite.server.dataset;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;

/** The row of one version of a registered dataset: which saved definition it is. */
@Entity
@Table(name = "dataset_version")
class DatasetVersionRow {

    @EmbeddedId
    private Key key = new Key("", "", 0);

    @Column(name = "saved_id", updatable = false)
    private String savedId = "";

    @Column(updatable = false)
    private Instant created = Instant.EPOCH;

    protected DatasetVersionRow() {}

    DatasetVersionRow(Key key, String savedId, Instant now) {
        this.key = key;
        this.savedId = savedId;
        this.created = now;
    }

    /** Primary key. */
    @Embeddable
    record Key(
            @Column(name = "workspace_id") String workspaceId,
            @Column(name = "dataset_id") String datasetId,
            @Column(name = "version") int version) {}

    String datasetId() {
        return key.datasetId();
    }

    int version() {
        return key.version();
    }

    String savedId() {
        return savedId;
    }

    Instant created() {
        return created;
    }
}
