package dev.malachite.server.arm;

import java.util.List;
import org.springframework.data.repository.ListCrudRepository;

/** The table of subscriptions. */
interface SubscriptionRows extends ListCrudRepository<SubscriptionRow, String> {

    List<SubscriptionRow> findAllByOrderByCreatedOnAscIdAsc();
}
