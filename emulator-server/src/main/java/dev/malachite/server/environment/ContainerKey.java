package dev.malachite.server.environment;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** Primary key of an environment's row. */
@Embeddable
record ContainerKey(
        @Column(name = "workspace_id") String workspaceId,
        @Column(name = "name") String name) {}
