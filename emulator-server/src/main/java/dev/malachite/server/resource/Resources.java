package dev.malachite.server.resource;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Regions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/** Keeps resources of other services as the JSON that they were declared with. */
@Service
public class Resources {

    /** What can be attached to a workspace, as Azure writes it. */
    private static final Set<String> TYPES = Set.of(
            "Microsoft.Batch/batchAccounts",
            "Microsoft.BatchAI/clusters",
            "Microsoft.BatchAI/workspaces/clusters",
            "Microsoft.Compute/virtualMachines",
            "Microsoft.ContainerService/managedClusters",
            "Microsoft.Databricks/workspaces",
            "Microsoft.DataFactory/factories",
            "Microsoft.DataLakeAnalytics/accounts",
            "Microsoft.HDInsight/clusters",
            "Microsoft.Kubernetes/connectedClusters",
            "Microsoft.Kusto/clusters",
            "Microsoft.Synapse/workspaces",
            "Microsoft.Synapse/workspaces/bigDataPools");

    private static final int MAX_DOCUMENT = 100_000;
    private static final int MAX_RESOURCES = 10_000;

    private final ResourceRows rows;
    private final Transactions transactions;

    Resources(ResourceRows rows, Transactions transactions) {
        this.rows = rows;
        this.transactions = transactions;
    }

    /** Names and ids as the table finds them. */
    static String key(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Whether resources of that type can be declared; compared without case. */
    static boolean isKnown(String type) {
        return TYPES.stream().anyMatch(type::equalsIgnoreCase);
    }

    /** A resource, and whether this request made it. */
    record Put(ObjectNode resource, boolean made) {}

    Put put(ArmId id, ObjectNode body) {
        ObjectNode resource = resource(id, body);
        String text = Json.text(resource);
        if (text.length() > MAX_DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The resource", MAX_DOCUMENT));
        }
        return transactions.write(() -> {
            Optional<ResourceRow> there = rows.findById(key(id.text()));
            if (there.isEmpty() && rows.count() >= MAX_RESOURCES) {
                throw new AzureException(
                        Errors.conflict("At most %d resources can be declared.".formatted(MAX_RESOURCES)));
            }
            ResourceRow row = there.orElseGet(() -> new ResourceRow(id));
            row.document(text);
            rows.save(row);
            return new Put(resource, there.isEmpty());
        });
    }

    private static ObjectNode resource(ArmId id, ObjectNode body) {
        String location = Json.string(body, "location")
                .filter(text -> !text.isBlank())
                .map(Regions::canonical)
                .orElseThrow(() -> new AzureException(Errors.locationRequired()));
        if (!Regions.exists(location)) {
            throw new AzureException(Errors.locationNotAvailable(location, id.type(), Regions.names()));
        }
        ObjectNode resource = body.deepCopy();
        resource.put("id", id.text()).put("name", id.name()).put("type", id.type());
        resource.put("location", location);
        ObjectNode properties = Json.objectAt(resource, "properties");
        resource.set("properties", properties.put("provisioningState", "Succeeded"));
        // No service shows it again.
        Json.objectAt(properties, "osProfile").remove("adminPassword");
        return resource;
    }

    /** What was declared under an id, in any case. */
    public Optional<ObjectNode> find(String id) {
        return transactions.read(() -> rows.findById(key(id)).map(row -> Json.parse(row.document())));
    }

    /** Those of a type, of one group or of all. */
    List<ObjectNode> list(String subscription, @Nullable String group, String type) {
        return transactions
                .read(() -> group == null
                        ? rows.findBySubscriptionKeyAndTypeKeyOrderById(key(subscription), key(type))
                        : rows.findBySubscriptionKeyAndGroupKeyAndTypeKeyOrderById(
                                key(subscription), key(group), key(type)))
                .stream()
                .map(row -> Json.parse(row.document()))
                .toList();
    }

    /** Whether it was there. */
    public boolean delete(String id) {
        return transactions.write(() -> {
            Optional<ResourceRow> row = rows.findById(key(id));
            row.ifPresent(rows::delete);
            return row.isPresent();
        });
    }

    /** Removes those of a group. */
    public void forget(String subscription, String group) {
        transactions.write(() -> {
            rows.deleteAll(rows.findBySubscriptionKeyAndGroupKey(key(subscription), key(group)));
            return true;
        });
    }

    /** Removes all, or those of one subscription. */
    public void forget(@Nullable String subscription) {
        transactions.write(() -> {
            rows.deleteAll(subscription == null ? rows.findAll() : rows.findBySubscriptionKey(key(subscription)));
            return true;
        });
    }
}
