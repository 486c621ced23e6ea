package dev.malachite.server.arm;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a deployment asks for, read in two ways: the v2 SDK's large template is known by its parameter
 * {@code workspaceName} and only its parameters are looked at; any other template is read itself.
 *
 * @param workspaces what is really made
 * @param others resources of other services: reported as made, because clients print them, and nothing else
 */
record Template(List<Wanted> workspaces, List<Other> others) {

    private static final String WORKSPACES = "microsoft.machinelearningservices/workspaces";

    /**
     * Nested ones are neither read nor told of: azureml-core looks the name of each operation's resource up among those
     * that it made itself, and after the first that it misses it prints nothing any more.
     */
    private static final String DEPLOYMENTS = "microsoft.resources/deployments";

    /** The v2 SDK's options for what a workspace depends on: prefix of the parameters, type, property. */
    private static final List<Dependency> DEPENDENCIES = List.of(
            new Dependency("storageAccount", "Microsoft.Storage/storageAccounts", "storageAccount"),
            new Dependency("keyVault", "Microsoft.KeyVault/vaults", "keyVault"),
            new Dependency("applicationInsights", "Microsoft.Insights/components", "applicationInsights"),
            new Dependency("containerRegistry", "Microsoft.ContainerRegistry/registries", "containerRegistry"));

    /** Parameters that become properties of the workspace under another or the same name. */
    private static final Map<String, String> PROPERTIES = Map.of(
            "friendlyName", "friendlyName",
            "description", "description",
            "publicNetworkAccess", "publicNetworkAccess",
            "managedNetwork", "managedNetwork",
            "imageBuildCompute", "imageBuildCompute",
            "systemDatastoresAuthMode", "systemDatastoresAuthMode",
            "primaryUserAssignedIdentity", "primaryUserAssignedIdentity",
            "serverless_compute_settings", "serverlessComputeSettings",
            "workspace_hub", "hubResourceId",
            "workspace_hub_config", "workspaceHubConfig");

    private record Dependency(String prefix, String type, String property) {}

    /** A workspace to be made. */
    record Wanted(WorkspaceRef ref, ObjectNode body) {}

    /** A resource that only bears its name. */
    record Other(String id, String type, String name) {}

    static Template read(ObjectNode deployment, ResourceGroup group) {
        ObjectNode properties = Json.objectAt(deployment, "properties");
        if (!Json.member(properties, "template").isObject()) {
            throw new AzureException(Errors.invalidTemplate("'properties.template' is missing or not an object."));
        }
        ObjectNode template = Json.objectAt(properties, "template");
        ObjectNode parameters = parameters(template, Json.objectAt(properties, "parameters"));
        boolean known = Json.string(parameters, "workspaceName").isPresent()
                && Json.member(parameters, "storageAccountOption").isString();
        return known ? ofParameters(parameters, group) : ofResources(template, parameters, group);
    }

    /** The values given, over the template's defaults. */
    private static ObjectNode parameters(ObjectNode template, ObjectNode given) {
        ObjectNode values = Json.object();
        Json.objectAt(template, "parameters").properties().forEach(parameter -> {
            JsonNode fallback = Json.member(parameter.getValue(), "defaultValue");
            if (!fallback.isMissingNode()) {
                values.set(parameter.getKey(), fallback);
            }
        });
        given.properties().forEach(parameter -> {
            JsonNode value = Json.member(parameter.getValue(), "value");
            if (!value.isMissingNode()) {
                values.set(parameter.getKey(), value);
            }
        });
        return values;
    }

    private static Template ofParameters(ObjectNode parameters, ResourceGroup group) {
        ObjectNode evaluated =
                (ObjectNode) new Expressions(parameters, Json.object(), group).evaluate(scalars(parameters));
        ObjectNode body = Json.object()
                .put(
                        "location",
                        Json.string(evaluated, "location")
                                .filter(text -> !text.isBlank())
                                .orElse(group.location()));
        Json.string(evaluated, "kind").filter(kind -> !kind.isBlank()).ifPresent(kind -> body.put("kind", kind));
        copyObject(parameters, "tagValues", body, "tags");
        copyObject(parameters, "identity", body, "identity");
        ObjectNode properties = body.putObject("properties");
        PROPERTIES.forEach((from, to) -> {
            JsonNode value = Json.member(parameters, from);
            if (!value.isMissingNode()
                    && !value.isNull()
                    && !(value.isString() && value.stringValue().isEmpty())) {
                properties.set(to, value);
            }
        });
        if (Json.string(evaluated, "confidential_data").orElse("").equalsIgnoreCase("true")) {
            properties.put("hbiWorkspace", true);
        }
        encryption(evaluated).ifPresent(encryption -> properties.set("encryption", encryption));
        List<Other> others = new ArrayList<>();
        for (Dependency dependency : DEPENDENCIES) {
            resource(evaluated, dependency, group)
                    .ifPresentOrElse(
                            other -> {
                                properties.put(dependency.property(), other.id());
                                if (option(evaluated, dependency).equals("new")) {
                                    others.add(other);
                                }
                            },
                            () -> properties.putNull(dependency.property()));
        }
        String name = Json.string(evaluated, "workspaceName").orElse("");
        return new Template(
                List.of(new Wanted(new WorkspaceRef(group.subscription(), group.name(), name), body)), others);
    }

    /** The customer's own key, which is shown and encrypts nothing. */
    private static Optional<ObjectNode> encryption(ObjectNode parameters) {
        if (!Json.string(parameters, "encryption_status").orElse("").equalsIgnoreCase("Enabled")) {
            return Optional.empty();
        }
        ObjectNode encryption = Json.object().put("status", "Enabled");
        ObjectNode key = encryption.putObject("keyVaultProperties");
        copyText(parameters, "cmk_keyvault", key, "keyVaultArmId");
        copyText(parameters, "resource_cmk_uri", key, "keyIdentifier");
        copyText(parameters, "encryption_cosmosdb_resourceid", encryption, "cosmosDbArmId");
        copyText(parameters, "encryption_storage_resourceid", encryption, "storageAccountArmId");
        copyText(parameters, "encryption_search_resourceid", encryption, "searchAccountArmId");
        return Optional.of(encryption);
    }

    private static void copyText(ObjectNode from, String name, ObjectNode to, String as) {
        Json.string(from, name).filter(text -> !text.isBlank()).ifPresent(text -> to.put(as, text));
    }

    /** Only text can be an expression; objects among the parameters are the user's own and stay as they are. */
    private static ObjectNode scalars(ObjectNode parameters) {
        ObjectNode scalars = Json.object();
        parameters.properties().forEach(parameter -> {
            if (parameter.getValue().isString()
                    && !parameter.getValue().stringValue().contains("newGuid(")
                    && !parameter.getValue().stringValue().contains("uniqueString(")) {
                scalars.set(parameter.getKey(), parameter.getValue());
            }
        });
        return scalars;
    }

    private static Optional<Other> resource(ObjectNode parameters, Dependency dependency, ResourceGroup group) {
        return Json.string(parameters, dependency.prefix() + "Name")
                .filter(name ->
                        !name.isBlank() && !option(parameters, dependency).equals("none"))
                .map(name -> {
                    String inGroup = Json.string(parameters, dependency.prefix() + "ResourceGroupName")
                            .filter(text -> !text.isBlank())
                            .orElse(group.name());
                    String id = "/subscriptions/%s/resourceGroups/%s/providers/%s/%s"
                            .formatted(group.subscription(), inGroup, dependency.type(), name);
                    return new Other(id, dependency.type(), name);
                });
    }

    private static String option(ObjectNode parameters, Dependency dependency) {
        return Json.string(parameters, dependency.prefix() + "Option")
                .orElse("none")
                .toLowerCase(Locale.ROOT);
    }

    private static void copyObject(ObjectNode from, String name, ObjectNode to, String as) {
        if (Json.member(from, name) instanceof ObjectNode object && !object.isEmpty()) {
            to.set(as, object);
        }
    }

    private static Template ofResources(ObjectNode template, ObjectNode parameters, ResourceGroup group) {
        Expressions expressions = new Expressions(parameters, Json.objectAt(template, "variables"), group);
        List<Wanted> wanted = new ArrayList<>();
        List<Other> others = new ArrayList<>();
        JsonNode resources = Json.member(template, "resources");
        if (!resources.isArray() && !resources.isObject()) {
            throw new AzureException(Errors.invalidTemplate("'resources' is missing."));
        }
        boolean anything = false;
        for (JsonNode resource : resources.values()) {
            anything = true;
            String type = Json.string(resource, "type").orElse("");
            if (type.equalsIgnoreCase(WORKSPACES)) {
                wanted.add(wanted(resource, expressions, group));
            } else if (type.toLowerCase(Locale.ROOT).startsWith("microsoft.machinelearningservices/")) {
                throw new AzureException(Errors.invalidTemplate(
                        "the emulator deploys workspaces only; create the '%s' by its own API.".formatted(type)));
            } else if (!type.equalsIgnoreCase(DEPLOYMENTS)) {
                other(resource, type, expressions, group).ifPresent(others::add);
            }
        }
        if (anything && wanted.isEmpty()) {
            throw new AzureException(
                    Errors.invalidTemplate("the emulator deploys workspaces, and the template has none."));
        }
        return new Template(wanted, others);
    }

    private static Wanted wanted(JsonNode resource, Expressions expressions, ResourceGroup group) {
        ObjectNode body = Json.object();
        for (String name : List.of("location", "tags", "sku", "kind", "identity", "properties")) {
            JsonNode value = Json.member(resource, name);
            if (!value.isMissingNode()) {
                body.set(name, expressions.evaluate(value));
            }
        }
        JsonNode name = expressions.evaluate(Json.member(resource, "name"));
        if (!name.isString()) {
            throw new AzureException(Errors.invalidTemplate("a workspace has no name."));
        }
        return new Wanted(new WorkspaceRef(group.subscription(), group.name(), name.stringValue()), body);
    }

    /** Of a resource of another service only the name is wanted; one that cannot be told is left out. */
    private static Optional<Other> other(JsonNode resource, String type, Expressions expressions, ResourceGroup group) {
        try {
            JsonNode name = expressions.evaluate(Json.member(resource, "name"));
            return name.isString() && type.chars().filter(c -> c == '/').count() == 1
                    ? Optional.of(new Other(
                            group.armId() + "/providers/" + type + "/" + name.stringValue(), type, name.stringValue()))
                    : Optional.empty();
        } catch (AzureException e) {
            return Optional.empty();
        }
    }
}
