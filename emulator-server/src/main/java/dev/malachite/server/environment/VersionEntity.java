package dev.malachite.server.environment;

import dev.malachite.server.environment.EnvironmentView.Dialect;
import dev.malachite.server.web.Json;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;

/** A version's row. */
@Entity
@Table(name = "environment_version")
class VersionEntity {

    @EmbeddedId
    private VersionKey key = new VersionKey("", "", "");

    @Column(updatable = false)
    private long sequence;

    @Enumerated(EnumType.STRING)
    @Column(updatable = false)
    private Dialect dialect = Dialect.V2;

    private String document = "{}";

    @Column(name = "content_hash", updatable = false)
    private String contentHash = "";

    private boolean archived;

    @Column(updatable = false)
    private Instant created = Instant.EPOCH;

    private Instant modified = Instant.EPOCH;

    @Column(name = "created_by", updatable = false)
    private String createdBy = "";

    protected VersionEntity() {}

    VersionEntity(VersionKey key, long sequence, Dialect dialect, String contentHash, Instant now, String createdBy) {
        this.key = key;
        this.sequence = sequence;
        this.dialect = dialect;
        this.contentHash = contentHash;
        this.created = now;
        this.modified = now;
        this.createdBy = createdBy;
    }

    String name() {
        return key.name();
    }

    String contentHash() {
        return contentHash;
    }

    void replace(String text, boolean nowArchived, Instant now) {
        this.document = text;
        this.archived = nowArchived;
        this.modified = now;
    }

    void archive(boolean nowArchived, Instant now) {
        this.archived = nowArchived;
        this.modified = now;
    }

    /** Written in that dialect, and, told in v2's words, of that content. */
    boolean isOf(Dialect wanted, String v2Hash) {
        return dialect == wanted
                && EnvironmentRules.contentHash(Dialect.V2, Translation.toV2(view()))
                        .equals(v2Hash);
    }

    EnvironmentView view() {
        return new EnvironmentView(
                key.name(),
                key.version(),
                sequence,
                dialect,
                Json.parse(document),
                archived,
                created,
                modified,
                createdBy);
    }
}
