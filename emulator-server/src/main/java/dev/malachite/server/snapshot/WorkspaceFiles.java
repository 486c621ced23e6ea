package dev.malachite.server.snapshot;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.blob.Containers;
import dev.malachite.server.workspace.WorkspaceRemoval;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Removes the containers and snapshots of a workspace that is deleted, after its jobs were told to end. */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class WorkspaceFiles implements WorkspaceRemoval {

    private final CodeVersionRepository versions;
    private final CodeContainerRepository containers;
    private final SnapshotStore snapshots;
    private final BlobStore blobs;
    private final TransactionTemplate transaction;

    WorkspaceFiles(
            CodeVersionRepository versions,
            CodeContainerRepository containers,
            SnapshotStore snapshots,
            BlobStore blobs,
            TransactionTemplate transaction) {
        this.versions = versions;
        this.containers = containers;
        this.snapshots = snapshots;
        this.blobs = blobs;
        this.transaction = transaction;
    }

    @Override
    public void removed(WorkspaceId id) {
        List<String> all =
                new ArrayList<>(List.of(Containers.artifacts(id), Containers.datastore(id), Containers.snapshots(id)));
        containers.findByWorkspaceId(id.value()).forEach(code -> all.add(code.name()));
        try {
            for (String container : all) {
                blobs.removeContainer(container);
            }
            snapshots.removeAll(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Last, so that a removal that was cut short finds the rest when it is called again.
        transaction.executeWithoutResult(done -> {
            versions.deleteByWorkspaceId(id.value());
            containers.deleteByWorkspaceId(id.value());
        });
    }
}
