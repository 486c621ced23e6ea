package dev.malachite.server.experiment;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.repository.Repository;

/** Finds and removes experiments' rows. */
interface ExperimentRepository extends Repository<ExperimentEntity, String> {

    Optional<ExperimentEntity> findById(String id);

    Optional<ExperimentEntity> findByWorkspaceIdAndName(String workspaceId, String name);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    Optional<ExperimentEntity> findLockedById(String id);

    void delete(ExperimentEntity experiment);
}
