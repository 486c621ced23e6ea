package dev.malachite.server.dataset;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Pageable;
import org.springframework.data.repository.Repository;

/** Finds and keeps versions of registered datasets. */
interface DatasetVersionRows extends Repository<DatasetVersionRow, DatasetVersionRow.Key> {

    Optional<DatasetVersionRow> findById(DatasetVersionRow.Key key);

    Optional<DatasetVersionRow> findFirstByKeyWorkspaceIdAndSavedId(String workspaceId, String savedId);

    List<DatasetVersionRow> findByKeyWorkspaceIdAndKeyDatasetIdOrderByKeyVersionAsc(
            String workspaceId, String datasetId, Pageable page);

    void deleteByKeyWorkspaceIdAndKeyDatasetId(String workspaceId, String datasetId);

    DatasetVersionRow save(DatasetVersionRow row);
}
