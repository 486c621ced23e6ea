package dev.malachite.server.arm;

import java.time.Instant;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.ListCrudRepository;

/** The table of operations. */
interface OperationRows extends ListCrudRepository<OperationRow, String> {

    boolean existsByIdAndSubscriptionKey(String id, String subscriptionKey);

    @Modifying
    @Query("delete from OperationRow row where row.createdOn < :limit")
    void deleteOlderThan(Instant limit);
}
