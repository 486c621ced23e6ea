package dev.malachite.server.arm;

import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.ListCrudRepository;

/** The table of resource groups. */
interface ResourceGroupRows extends ListCrudRepository<ResourceGroupRow, String> {

    Optional<ResourceGroupRow> findBySubscriptionKeyAndNameKey(String subscriptionKey, String nameKey);

    List<ResourceGroupRow> findBySubscriptionKeyOrderByNameKey(String subscriptionKey);
}
