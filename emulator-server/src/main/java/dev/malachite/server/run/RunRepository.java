package dev.malachite.server.run;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.repository.Repository;

/** Finds runs' rows by key. */
interface RunRepository extends Repository<RunEntity, RunKey> {

    Optional<RunEntity> findById(RunKey key);

    List<RunEntity> findByKeyIn(Collection<RunKey> keys);

    /** Keeps others from changing it until the transaction ends, so that two merges of tags do not lose one. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    Optional<RunEntity> findLockedByKey(RunKey key);
}
