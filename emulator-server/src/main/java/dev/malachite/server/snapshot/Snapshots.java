package dev.malachite.server.snapshot;

import dev.malachite.engine.WorkspaceId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Code folders as submitted, by either SDK. */
public interface Snapshots {

    /**
     * One file of a snapshot.
     *
     * @param path relative, with {@code /}; never leaves the folder
     * @param content where its bytes are on our disk; not to be written
     */
    record SnapshotFile(String path, Path content, long size) {}

    /** All files of the snapshot, those that it inherits from its parents too; empty when there is no such snapshot. */
    Optional<List<SnapshotFile>> files(WorkspaceId workspace, String snapshotId);
}
