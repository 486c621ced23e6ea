package dev.malachite.server.arm;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.WorkspaceService;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Deployments: the way in which both Python SDKs make a workspace. They are done before the first answer leaves. */
@Service
class Deployments {

    /** Azure's rule. */
    private static final Pattern NAME = Pattern.compile("^[-\\w._()]{1,64}$");

    /** Where the operations are inside of the kept document; answers leave them out. */
    static final String OPERATIONS = "operations";

    static final String OPERATION_ID = "operationId";

    private final DeploymentRows rows;
    private final ResourceGroupService groups;
    private final WorkspaceService workspaces;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final ReentrantLock writing = new ReentrantLock();

    Deployments(
            DeploymentRows rows,
            ResourceGroupService groups,
            WorkspaceService workspaces,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.rows = rows;
        this.groups = groups;
        this.workspaces = workspaces;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** Reads the template as a deployment would, and makes nothing. */
    ObjectNode validate(String subscription, String groupName, String name, ObjectNode body) {
        check(name);
        ResourceGroup group = groups.require(subscription, groupName);
        return document(group, name, body, Template.read(body, group));
    }

    ObjectNode deploy(String subscription, String groupName, String name, ObjectNode body) {
        check(name);
        ResourceGroup group = groups.require(subscription, groupName);
        Template template = Template.read(body, group);
        template.workspaces().forEach(wanted -> workspaces.put(wanted.ref(), wanted.body()));
        ObjectNode document = document(group, name, body, template);
        writing.lock();
        try {
            transaction.executeWithoutResult(status -> {
                Optional<DeploymentRow> existing = row(subscription, groupName, name);
                existing.ifPresent(row -> row.replace(now(), document));
                rows.save(existing.orElseGet(
                        () -> new DeploymentRow(group.subscription(), group.name(), name, now(), document)));
            });
        } finally {
            writing.unlock();
        }
        return document;
    }

    ObjectNode require(String subscription, String group, String name) {
        return find(subscription, group, name)
                .orElseThrow(() -> new AzureException(
                        groups.exists(subscription, group)
                                ? Errors.deploymentNotFound(name)
                                : Errors.resourceGroupNotFound(group)));
    }

    Optional<ObjectNode> find(String subscription, String group, String name) {
        return row(subscription, group, name).map(DeploymentRow::document);
    }

    List<ObjectNode> list(String subscription, String group) {
        return rows.findBySubscriptionKeyAndGroupKeyOrderByCreatedOnDesc(Keys.of(subscription), Keys.of(group)).stream()
                .map(DeploymentRow::document)
                .toList();
    }

    /** Removes the record; what was deployed stays, as in Azure. */
    boolean delete(String subscription, String group, String name) {
        Optional<DeploymentRow> row = row(subscription, group, name);
        row.ifPresent(rows::delete);
        return row.isPresent();
    }

    /** Removes all records of a group that goes. */
    void forget(String subscription, String group) {
        transaction.executeWithoutResult(
                status -> rows.deleteBySubscriptionKeyAndGroupKey(Keys.of(subscription), Keys.of(group)));
    }

    private static void check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new AzureException(Errors.invalidResourceName(name, NAME.pattern()));
        }
    }

    private ObjectNode document(ResourceGroup group, String name, ObjectNode body, Template template) {
        String now = now().toString();
        ObjectNode document = Json.object()
                .put("id", group.armId() + "/providers/Microsoft.Resources/deployments/" + name)
                .put("name", name)
                .put("type", "Microsoft.Resources/deployments");
        ObjectNode sent = Json.objectAt(body, "properties");
        ObjectNode properties = document.putObject("properties")
                .put("mode", Json.string(sent, "mode").orElse("Incremental"))
                .put("provisioningState", "Succeeded")
                .put("timestamp", now)
                .put("duration", "PT1S")
                .put("correlationId", UUID.randomUUID().toString());
        properties.set("parameters", shown(Json.objectAt(sent, "template"), Json.objectAt(sent, "parameters")));
        properties.putArray("providers");
        properties.putArray("dependencies");
        properties.putObject("outputs");
        ArrayNode made = properties.putArray("outputResources");
        ArrayNode operations = document.putArray(OPERATIONS);
        template.others().forEach(other -> {
            made.addObject().put("id", other.id());
            operations.add(operation(document, other.id(), other.type(), other.name(), now));
        });
        template.workspaces().forEach(wanted -> {
            made.addObject().put("id", wanted.ref().armId());
            operations.add(operation(
                    document,
                    wanted.ref().armId(),
                    "Microsoft.MachineLearningServices/workspaces",
                    wanted.ref().name(),
                    now));
        });
        return document.put(OPERATION_ID, UUID.randomUUID().toString());
    }

    /** Parameters as Azure shows them: with their type, and without a value where the template calls them secure. */
    private static ObjectNode shown(ObjectNode template, ObjectNode parameters) {
        ObjectNode shown = Json.object();
        ObjectNode declared = Json.objectAt(template, "parameters");
        parameters.properties().forEach(parameter -> {
            String type = Json.string(Json.member(declared, parameter.getKey()), "type")
                    .orElse("String");
            ObjectNode entry = shown.putObject(parameter.getKey()).put("type", type);
            if (!type.toLowerCase(Locale.ROOT).startsWith("secure")) {
                entry.set("value", Json.member(parameter.getValue(), "value"));
            }
        });
        return shown;
    }

    private static ObjectNode operation(ObjectNode document, String id, String type, String name, String now) {
        String operation = UUID.randomUUID().toString();
        ObjectNode answer = Json.object()
                .put("id", Json.string(document, "id").orElse("") + "/operations/" + operation)
                .put("operationId", operation);
        answer.putObject("properties")
                .put("provisioningOperation", "Create")
                .put("provisioningState", "Succeeded")
                .put("timestamp", now)
                .put("duration", "PT1S")
                .put("serviceRequestId", operation)
                .put("statusCode", "OK")
                .putObject("targetResource")
                .put("id", id)
                .put("resourceType", type)
                .put("resourceName", name);
        return answer;
    }

    private Optional<DeploymentRow> row(String subscription, String group, String name) {
        return rows.findBySubscriptionKeyAndGroupKeyAndNameKey(Keys.of(subscription), Keys.of(group), Keys.of(name));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
