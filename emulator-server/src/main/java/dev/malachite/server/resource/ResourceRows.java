package dev.malachite.server.resource;

import java.util.List;
import org.springframework.data.repository.ListCrudRepository;

/** The table of declared resources. */
interface ResourceRows extends ListCrudRepository<ResourceRow, String> {

    List<ResourceRow> findBySubscriptionKeyAndTypeKeyOrderById(String subscription, String type);

    List<ResourceRow> findBySubscriptionKeyAndGroupKeyAndTypeKeyOrderById(
            String subscription, String group, String type);

    List<ResourceRow> findBySubscriptionKeyAndGroupKey(String subscription, String group);

    List<ResourceRow> findBySubscriptionKey(String subscription);
}
