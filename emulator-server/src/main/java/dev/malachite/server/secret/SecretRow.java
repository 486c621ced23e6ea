package dev.malachite.server.secret;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The row of one secret. */
@Entity
@Table(name = "secret")
class SecretRow {

    @EmbeddedId
    private Key key = new Key("", "");

    private String sealed = "";

    @Column(name = "content_type")
    private @Nullable String contentType;

    @Column(updatable = false)
    private Instant created = Instant.EPOCH;

    private Instant modified = Instant.EPOCH;

    protected SecretRow() {}

    SecretRow(Key key, Instant now) {
        this.key = key;
        this.created = now;
    }

    /** Primary key; names are found without case. */
    @Embeddable
    record Key(
            @Column(name = "workspace_id") String workspaceId,
            @Column(name = "name") String name) {}

    void put(String text, @Nullable String type, Instant now) {
        sealed = text;
        contentType = type;
        modified = now;
    }

    Key key() {
        return key;
    }

    String sealed() {
        return sealed;
    }

    Optional<String> contentType() {
        return Optional.ofNullable(contentType);
    }

    Instant created() {
        return created;
    }

    Instant modified() {
        return modified;
    }
}
