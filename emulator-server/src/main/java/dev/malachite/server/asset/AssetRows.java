package dev.malachite.server.asset;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.repository.Repository;

/** Finds and keeps assets' rows. */
interface AssetRows extends Repository<AssetRow, AssetKey> {

    Optional<AssetRow> findById(AssetKey key);

    /** Held until the transaction ends: the versions of a name are made one after the other. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    Optional<AssetRow> findLockedByKey(AssetKey key);

    AssetRow saveAndFlush(AssetRow row);

    void delete(AssetRow row);
}
