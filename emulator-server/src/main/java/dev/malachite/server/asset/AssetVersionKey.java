package dev.malachite.server.asset;

import dev.malachite.engine.WorkspaceId;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** Primary key of a version's row. */
@Embeddable
record AssetVersionKey(
        @Column(name = "workspace_id") String workspaceId,
        @Column(name = "kind") String kind,
        @Column(name = "name") String name,
        @Column(name = "version") String version) {

    static AssetVersionKey of(WorkspaceId workspace, AssetKind kind, String name, String version) {
        return new AssetVersionKey(workspace.value(), kind.name(), name, version);
    }
}
