package dev.malachite.server.environment;

import dev.malachite.server.web.Json;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** An environment's row: what its versions share. */
@Entity
@Table(name = "environment")
class ContainerEntity {

    @EmbeddedId
    private ContainerKey key = new ContainerKey("", "");

    private String document = "{}";
    private boolean archived;

    @Column(name = "last_sequence")
    private long lastSequence;

    @Column(name = "next_version")
    private long nextVersion = 1;

    @Column(updatable = false)
    private Instant created = Instant.EPOCH;

    private Instant modified = Instant.EPOCH;

    @Column(name = "created_by", updatable = false)
    private String createdBy = "";

    protected ContainerEntity() {}

    ContainerEntity(ContainerKey key, Instant now, String by) {
        this.key = key;
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

    void replace(String text, boolean nowArchived, Instant now) {
        this.document = text;
        this.archived = nowArchived;
        this.modified = now;
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

    String nextVersion() {
        return String.valueOf(nextVersion);
    }

    /** Counts a version in; versions that are no numbers do not move the next number. */
    long add(String version, Instant now) {
        modified = now;
        EnvironmentRules.number(version).ifPresent(number -> nextVersion = Math.max(nextVersion, number + 1));
        return ++lastSequence;
    }
}
