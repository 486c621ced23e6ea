package dev.malachite.server.snapshot;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.web.Json;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The row of what the versions of a code asset share. */
@Entity
@SuppressWarnings("UnusedVariable") // queries read the key
@Table(name = "code_asset")
class CodeAssetRow {

    /** Names are found without case. */
    @Embeddable
    record Key(
            @Column(name = "workspace_id") String workspaceId,
            @Column(name = "name_key") String nameKey) {

        static Key of(WorkspaceId workspace, String name) {
            return new Key(workspace.value(), name.toLowerCase(Locale.ROOT));
        }
    }

    @EmbeddedId
    private Key key = new Key("", "");

    private String name = "";
    private String document = "{}";
    private boolean archived;

    @Column(name = "latest_version")
    private @Nullable String latestVersion;

    @Column(name = "next_number")
    private long nextNumber = 1;

    @Column(name = "created_on", updatable = false)
    private Instant createdOn = Instant.EPOCH;

    @Column(name = "modified_on")
    private Instant modifiedOn = Instant.EPOCH;

    @Column(name = "created_by", updatable = false)
    private String createdBy = "";

    protected CodeAssetRow() {}

    CodeAssetRow(WorkspaceId workspace, String name, Instant now, String by) {
        this.key = Key.of(workspace, name);
        this.name = name;
        this.createdOn = now;
        this.modifiedOn = now;
        this.createdBy = by;
    }

    String name() {
        return name;
    }

    ObjectNode document() {
        return Json.parse(document);
    }

    boolean isArchived() {
        return archived;
    }

    Optional<String> latestVersion() {
        return Optional.ofNullable(latestVersion);
    }

    /** Above all numbers that versions have had. */
    String nextVersion() {
        return String.valueOf(nextNumber);
    }

    Instant createdOn() {
        return createdOn;
    }

    Instant modifiedOn() {
        return modifiedOn;
    }

    String createdBy() {
        return createdBy;
    }

    void replace(String text, boolean nowArchived, Instant now) {
        document = text;
        archived = nowArchived;
        modifiedOn = now;
    }

    /** A version was made: it is the newest. */
    void add(String version, Instant now) {
        latestVersion = version;
        modifiedOn = now;
        if (version.matches("[1-9][0-9]{0,17}")) {
            nextNumber = Math.max(nextNumber, Long.parseLong(version) + 1);
        }
    }

    /** A version was deleted. */
    void latest(Optional<String> version, Instant now) {
        latestVersion = version.orElse(null);
        modifiedOn = now;
    }
}
