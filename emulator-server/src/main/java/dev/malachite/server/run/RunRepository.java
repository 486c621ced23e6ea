package dev.malachite.server.run;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

/** Finds runs' rows by key. */
interface RunRepository extends Repository<RunEntity, RunKey> {

    Optional<RunEntity> findById(RunKey key);

    List<RunEntity> findByKeyIn(Collection<RunKey> keys);

    /** Keeps others from changing it until the transaction ends, so that two merges of tags do not lose one. */
    default Optional<RunEntity> findLockedByKey(RunKey key) {
        return lock(key.workspaceId(), key.runId()).flatMap(locked -> findById(key));
    }

    /** In SQL, because Hibernate cannot lock an entity that lies in two tables and has a key of two columns. */
    @Query(
            nativeQuery = true,
            value = "select run_id from run where workspace_id = :workspace and run_id = :run for update")
    Optional<String> lock(@Param("workspace") String workspace, @Param("run") String run);
}
