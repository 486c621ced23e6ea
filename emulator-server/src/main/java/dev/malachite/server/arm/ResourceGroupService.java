package dev.malachite.server.arm;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Regions;
import dev.malachite.server.workspace.ResourceGroups;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes, changes and removes resource groups. */
@Service
class ResourceGroupService implements ResourceGroups {

    /** Azure's rule for names: letters, digits, {@code _ - . ( )}, at most 90, no full stop at the end. */
    private static final Pattern NAME = Pattern.compile("^[-\\w._()]{0,89}[-\\w_()]$");

    private static final int MAX_DOCUMENT = 100_000;

    private final ResourceGroupRows rows;
    private final TransactionTemplate transaction;
    private final Clock clock;

    /** One writer at a time: two creations of one name would meet as a constraint violation in the database. */
    private final ReentrantLock writing = new ReentrantLock();

    ResourceGroupService(ResourceGroupRows rows, PlatformTransactionManager transactions, Clock clock) {
        this.rows = rows;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** A group, and whether this request made it. */
    record Put(ResourceGroup group, boolean made) {}

    @Override
    public boolean exists(String subscription, String group) {
        return row(subscription, group).isPresent();
    }

    Optional<ResourceGroup> find(String subscription, String group) {
        return row(subscription, group).map(ResourceGroupRow::toGroup);
    }

    ResourceGroup require(String subscription, String group) {
        return find(subscription, group).orElseThrow(() -> new AzureException(Errors.resourceGroupNotFound(group)));
    }

    List<ResourceGroup> list(String subscription) {
        return rows.findBySubscriptionKeyOrderByNameKey(Keys.of(subscription)).stream()
                .map(ResourceGroupRow::toGroup)
                .toList();
    }

    Put put(String subscription, String name, ObjectNode body) {
        check(name, body);
        String location = Json.string(body, "location")
                .filter(text -> !text.isBlank())
                .map(Regions::canonical)
                .orElseThrow(() -> new AzureException(Errors.locationRequired()));
        if (!Regions.exists(location)) {
            throw new AzureException(
                    Errors.locationNotAvailable(location, "Microsoft.Resources/resourceGroups", Regions.names()));
        }
        return write(() -> {
            Optional<ResourceGroupRow> existing = row(subscription, name);
            if (existing.isEmpty()) {
                ResourceGroupRow made = new ResourceGroupRow(
                        subscription, name, location, clock.instant().truncatedTo(ChronoUnit.MICROS), body);
                return new Put(rows.save(made).toGroup(), true);
            }
            ResourceGroup before = existing.get().toGroup();
            if (!before.location().equals(location)) {
                throw new AzureException(Errors.invalidGroupLocation(name, before.location(), location));
            }
            existing.get().change(body);
            return new Put(rows.save(existing.get()).toGroup(), false);
        });
    }

    ResourceGroup patch(String subscription, String name, ObjectNode body) {
        check(name, body);
        return write(() -> {
            ResourceGroupRow row =
                    row(subscription, name).orElseThrow(() -> new AzureException(Errors.resourceGroupNotFound(name)));
            ObjectNode document = row.toGroup().document();
            JsonNode tags = Json.member(body, "tags");
            if (tags.isObject()) {
                document.set("tags", tags);
            }
            row.change(document);
            return rows.save(row).toGroup();
        });
    }

    void delete(String subscription, String name) {
        write(() -> {
            row(subscription, name).ifPresent(rows::delete);
            return name;
        });
    }

    @Override
    public void forget(@Nullable String subscription) {
        write(() -> {
            if (subscription == null) {
                rows.deleteAll();
            } else {
                rows.deleteAll(rows.findBySubscriptionKeyOrderByNameKey(Keys.of(subscription)));
            }
            return true;
        });
    }

    private static void check(String name, ObjectNode body) {
        if (!NAME.matcher(name).matches()) {
            throw new AzureException(Errors.invalidResourceName(name, NAME.pattern()));
        }
        JsonNode tags = Json.member(body, "tags");
        if (!tags.isMissingNode() && !tags.isNull() && !tags.isObject()) {
            throw new AzureException(Errors.invalidContent("'tags' must be an object"));
        }
        if (Json.text(body).length() > MAX_DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The resource group", MAX_DOCUMENT));
        }
    }

    private Optional<ResourceGroupRow> row(String subscription, String group) {
        return rows.findBySubscriptionKeyAndNameKey(Keys.of(subscription), Keys.of(group));
    }

    private <T> T write(Supplier<T> action) {
        writing.lock();
        try {
            @Nullable T result = transaction.execute(status -> action.get());
            if (result == null) {
                throw new IllegalStateException("a transaction without a result");
            }
            return result;
        } finally {
            writing.unlock();
        }
    }
}
