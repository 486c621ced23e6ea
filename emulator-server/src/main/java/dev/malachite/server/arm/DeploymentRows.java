package dev.malachite.server.arm;

import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.ListCrudRepository;

/** The table of deployments. */
interface DeploymentRows extends ListCrudRepository<DeploymentRow, String> {

    Optional<DeploymentRow> findBySubscriptionKeyAndGroupKeyAndNameKey(
            String subscriptionKey, String groupKey, String nameKey);

    List<DeploymentRow> findBySubscriptionKeyAndGroupKeyOrderByCreatedOnDesc(String subscriptionKey, String groupKey);

    void deleteBySubscriptionKeyAndGroupKey(String subscriptionKey, String groupKey);
}
