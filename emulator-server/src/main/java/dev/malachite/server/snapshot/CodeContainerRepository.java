package dev.malachite.server.snapshot;

import java.util.List;
import org.springframework.data.repository.Repository;

/** Containers that were made for uploads of code. */
interface CodeContainerRepository extends Repository<CodeContainerEntity, String> {

    CodeContainerEntity save(CodeContainerEntity container);

    boolean existsByNameAndWorkspaceId(String name, String workspaceId);

    List<CodeContainerEntity> findByWorkspaceId(String workspaceId);

    void deleteByWorkspaceId(String workspaceId);
}
