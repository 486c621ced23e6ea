package dev.malachite.server.asset;

import dev.malachite.server.database.Attributes;
import dev.malachite.server.web.Json;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A version's row. */
@Entity
@Table(name = "asset_version")
class AssetVersionRow {

    @EmbeddedId
    private AssetVersionKey key = new AssetVersionKey("", "", "", "");

    @Column(updatable = false)
    private long sequence;

    private String document = "{}";

    @Column(name = "content_hash", updatable = false)
    private String contentHash = "";

    private @Nullable String description;
    private String tags = "{}";
    private String properties = "{}";

    @Column(name = "run_id")
    private @Nullable String runId;

    private @Nullable String legacy;

    private boolean archived;

    @Column(updatable = false)
    private boolean anonymous;

    @Column(updatable = false)
    private Instant created = Instant.EPOCH;

    private Instant modified = Instant.EPOCH;

    @Column(name = "created_by", updatable = false)
    private String createdBy = "";

    @Column(name = "modified_by")
    private String modifiedBy = "";

    protected AssetVersionRow() {}

    AssetVersionRow(AssetVersionKey key, long sequence, AssetDraft draft, Instant now, String by) {
        this.key = key;
        this.sequence = sequence;
        this.contentHash = draft.contentHash();
        this.anonymous = draft.anonymous();
        this.created = now;
        this.createdBy = by;
        describe(draft, now, by);
    }

    String name() {
        return key.name();
    }

    boolean hasContent(String hash) {
        return contentHash.equals(hash);
    }

    /** Takes over all but the content, which cannot change. */
    void describe(AssetDraft draft, Instant now, String by) {
        document = Json.text(draft.document());
        description = draft.description().orElse(null);
        tags = draft.tags().text();
        properties = draft.properties().text();
        runId = draft.runId().orElse(null);
        draft.legacy().ifPresent(known -> legacy = Json.text(known));
        archived = draft.archived();
        modified = now;
        modifiedBy = by;
    }

    AssetVersion view() {
        return new AssetVersion(
                AssetKind.valueOf(key.kind()),
                key.name(),
                key.version(),
                Json.parse(document),
                Optional.ofNullable(description),
                Attributes.parse(tags),
                Attributes.parse(properties),
                Optional.ofNullable(runId),
                Optional.ofNullable(legacy).map(Json::parse),
                archived,
                anonymous,
                created,
                modified,
                createdBy,
                modifiedBy);
    }
}
