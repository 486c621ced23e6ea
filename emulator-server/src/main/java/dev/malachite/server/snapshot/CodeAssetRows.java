package dev.malachite.server.snapshot;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.repository.Repository;

/** Finds and keeps what the versions of code assets share. */
interface CodeAssetRows extends Repository<CodeAssetRow, CodeAssetRow.Key> {

    Optional<CodeAssetRow> findById(CodeAssetRow.Key key);

    /** Held until the transaction ends: the versions of a name are made one after the other. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    Optional<CodeAssetRow> findLockedByKey(CodeAssetRow.Key key);

    CodeAssetRow saveAndFlush(CodeAssetRow row);

    void delete(CodeAssetRow row);
}
