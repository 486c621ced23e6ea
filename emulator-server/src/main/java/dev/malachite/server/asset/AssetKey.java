package dev.malachite.server.asset;

import dev.malachite.engine.WorkspaceId;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** Primary key of an asset's row. */
@Embeddable
record AssetKey(
        @Column(name = "workspace_id") String workspaceId,
        @Column(name = "kind") String kind,
        @Column(name = "name") String name) {

    static AssetKey of(WorkspaceId workspace, AssetKind kind, String name) {
        return new AssetKey(workspace.value(), kind.name(), name);
    }
}
