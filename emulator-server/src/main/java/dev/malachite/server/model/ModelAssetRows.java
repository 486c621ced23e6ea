package dev.malachite.server.model;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Pageable;
import org.springframework.data.repository.Repository;

/** Finds and keeps the model management's assets. */
interface ModelAssetRows extends Repository<ModelAssetRow, ModelAssetRow.Key> {

    Optional<ModelAssetRow> findById(ModelAssetRow.Key key);

    List<ModelAssetRow> findByKeyWorkspaceIdOrderByCreatedDescKeyIdAsc(String workspaceId, Pageable page);

    ModelAssetRow save(ModelAssetRow row);

    void delete(ModelAssetRow row);
}
