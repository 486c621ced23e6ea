package dev.malachite.server.environment;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** Primary key of a version's row. */
@Embeddable
record VersionKey(
        @Column(name = "workspace_id") String workspaceId,
        @Column(name = "name") String name,
        @Column(name = "version") String version) {}
