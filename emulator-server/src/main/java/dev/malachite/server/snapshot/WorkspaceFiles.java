package dev.malachite.server.snapshot;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.blob.Containers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** What workspaces keep on disk: their containers, code and snapshots. */
@Component
public class WorkspaceFiles {

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

    /** Removes everything of a workspace in which nobody writes any more. */
    public void remove(WorkspaceId id) throws IOException {
        List<String> all =
                new ArrayList<>(List.of(Containers.artifacts(id), Containers.datastore(id), Containers.snapshots(id)));
        containers.findByWorkspaceId(id.value()).forEach(code -> all.add(code.name()));
        for (String container : all) {
            blobs.removeContainer(container);
        }
        snapshots.removeAll(id);
        // Last, so that a removal that was cut short finds the rest when it is called again.
        transaction.executeWithoutResult(done -> {
            versions.deleteByWorkspaceId(id.value());
            containers.deleteByWorkspaceId(id.value());
        });
    }
}
