package dev.malachite.server.snapshot;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Pageable;
import org.springframework.data.repository.Repository;

/** Code versions, by id, hash and name. */
interface CodeVersionRepository extends Repository<CodeVersionEntity, String> {

    CodeVersionEntity save(CodeVersionEntity version);

    Optional<CodeVersionEntity> findById(String id);

    List<CodeVersionEntity> findByWorkspaceIdAndHashOrderByCreatedOnDesc(
            String workspaceId, String hash, Pageable page);

    List<CodeVersionEntity> findByWorkspaceIdAndNameKeyOrderByCreatedOnDescVersionDesc(
            String workspaceId, String nameKey, Pageable page);

    void delete(CodeVersionEntity version);

    void deleteByWorkspaceIdAndNameKey(String workspaceId, String nameKey);

    void deleteByWorkspaceId(String workspaceId);
}
