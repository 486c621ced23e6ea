package dev.malachite.server.asset;

import dev.malachite.server.web.Json;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** An asset's row: what its versions share. */
@Entity
@SuppressWarnings("UnusedVariable") // queries read what is anonymous
@Table(name = "asset")
class AssetRow {

    @EmbeddedId
    private AssetKey key = new AssetKey("", "", "");

    private String document = "{}";
    private boolean archived;

    @SuppressWarnings("UnusedVariable") // The database reads it: lists leave those with anonymous versions out.
    private boolean anonymous;

    @Column(name = "last_sequence")
    private long lastSequence;

    @Column(name = "next_number")
    private long nextNumber = 1;

    @Column(updatable = false)
    private Instant created = Instant.EPOCH;

    private Instant modified = Instant.EPOCH;

    @Column(name = "created_by", updatable = false)
    private String createdBy = "";

    protected AssetRow() {}

    AssetRow(AssetKey key, Instant now, String by) {
        this.key = key;
        this.anonymous = true;
        this.created = now;
        this.modified = now;
        this.createdBy = by;
    }

    String name() {
        return key.name();
    }

    ObjectNode document() {
        return Json.parse(document);
    }

    boolean isArchived() {
        return archived;
    }

    Instant created() {
        return created;
    }

    Instant modified() {
        return modified;
    }

    String createdBy() {
        return createdBy;
    }

    /** How many versions there have been. */
    long size() {
        return lastSequence;
    }

    /** Above all numbers that versions have had. */
    long nextNumber() {
        return nextNumber;
    }

    void replace(String text, boolean nowArchived, Instant now) {
        document = text;
        archived = nowArchived;
        anonymous = false;
        modified = now;
    }

    void touch(Instant now) {
        modified = now;
    }

    /** Counts a version in. */
    long add(String version, boolean isAnonymous, Instant now) {
        modified = now;
        anonymous &= isAnonymous;
        AssetRules.number(version).ifPresent(number -> nextNumber = Math.max(nextNumber, number + 1));
        return ++lastSequence;
    }
}
