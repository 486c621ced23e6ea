package dev.malachite.server.workspace;

import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.ListCrudRepository;

/** The table of workspaces. */
interface WorkspaceRows extends ListCrudRepository<WorkspaceRow, String> {

    Optional<WorkspaceRow> findBySubscriptionKeyAndGroupKeyAndNameKey(
            String subscriptionKey, String groupKey, String nameKey);

    List<WorkspaceRow> findBySubscriptionKeyAndGroupKeyOrderByNameKey(String subscriptionKey, String groupKey);

    List<WorkspaceRow> findBySubscriptionKeyOrderByNameKeyAscGroupKeyAsc(String subscriptionKey);
}
