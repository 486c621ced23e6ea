package dev.malachite.server.environment;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.repository.Repository;

/** Finds and keeps environments' rows. */
interface ContainerRepository extends Repository<ContainerEntity, ContainerKey> {

    Optional<ContainerEntity> findById(ContainerKey key);

    /** Held until the transaction ends: the versions of a name are made one after the other. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    Optional<ContainerEntity> findLockedByKey(ContainerKey key);

    ContainerEntity saveAndFlush(ContainerEntity container);

    void delete(ContainerEntity container);
}
