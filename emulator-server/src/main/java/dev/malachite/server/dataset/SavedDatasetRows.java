package dev.malachite.server.dataset;

import java.util.Optional;
import org.springframework.data.repository.Repository;

/** Finds and keeps saved definitions. */
interface SavedDatasetRows extends Repository<SavedDatasetRow, SavedDatasetRow.Key> {

    Optional<SavedDatasetRow> findById(SavedDatasetRow.Key key);

    Optional<SavedDatasetRow> findFirstByKeyWorkspaceIdAndDigest(String workspaceId, String digest);

    SavedDatasetRow save(SavedDatasetRow row);
}
