package dev.malachite.server.dataset;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Pageable;
import org.springframework.data.repository.Repository;

/** Finds and keeps the names of datasets. */
interface DatasetRows extends Repository<DatasetRow, DatasetRow.Key> {

    Optional<DatasetRow> findById(DatasetRow.Key key);

    Optional<DatasetRow> findByKeyWorkspaceIdAndName(String workspaceId, String name);

    List<DatasetRow> findByKeyWorkspaceIdAndNameContainingIgnoreCaseOrderByNameAsc(
            String workspaceId, String text, Pageable page);

    DatasetRow save(DatasetRow row);

    void delete(DatasetRow row);
}
