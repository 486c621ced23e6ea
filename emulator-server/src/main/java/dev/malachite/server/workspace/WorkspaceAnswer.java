package dev.malachite.server.workspace;

import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Directory;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.SystemData;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A workspace as a client sees it: what it sent, and what the service adds. */
final class WorkspaceAnswer {

    private WorkspaceAnswer() {}

    static ObjectNode of(Workspace workspace, Caller caller) {
        ObjectNode document = workspace.document();
        ObjectNode answer = Json.object()
                .put("id", workspace.armId())
                .put("name", workspace.name())
                .put("type", WorkspaceService.TYPE)
                .put("location", workspace.location());
        answer.set("tags", Json.objectAt(document, "tags"));
        answer.putNull("etag");
        answer.put("kind", kind(document));
        ObjectNode sku = Json.objectAt(document, "sku");
        answer.set("sku", sku.isEmpty() ? Json.object().put("name", "Basic").put("tier", "Basic") : sku);
        answer.set("identity", Json.objectAt(document, "identity"));
        answer.set("systemData", SystemData.of(workspace.createdBy(), workspace.createdOn(), workspace.createdOn()));
        answer.set("properties", properties(workspace, caller));
        // Whatever else came with it goes back with it.
        document.properties().forEach(member -> {
            if (!answer.has(member.getKey())) {
                answer.set(member.getKey(), member.getValue());
            }
        });
        return answer;
    }

    /** The short form of lists of resources of any type. */
    static ObjectNode summary(Workspace workspace) {
        ObjectNode answer = Json.object()
                .put("id", workspace.armId())
                .put("name", workspace.name())
                .put("type", WorkspaceService.TYPE)
                .put("location", workspace.location());
        answer.set("tags", Json.objectAt(workspace.document(), "tags"));
        answer.put("kind", kind(workspace.document()));
        answer.put("createdTime", workspace.createdOn().toString());
        answer.put("changedTime", workspace.createdOn().toString());
        return answer.put("provisioningState", "Succeeded");
    }

    private static String kind(ObjectNode document) {
        return Json.string(document, "kind").filter(kind -> !kind.isBlank()).orElse("Default");
    }

    private static ObjectNode properties(Workspace workspace, Caller caller) {
        ObjectNode properties =
                Json.objectAt(workspace.document(), "properties").deepCopy();
        byDefault(properties, "friendlyName", workspace.name());
        byDefault(properties, "description", "");
        byDefault(properties, "imageBuildCompute", "");
        byDefault(properties, "publicNetworkAccess", "Enabled");
        byDefault(properties, "systemDatastoresAuthMode", "accesskey");
        for (String name : new String[] {"storageAccount", "keyVault", "applicationInsights", "containerRegistry"}) {
            if (!properties.has(name)) {
                properties.putNull(name);
            }
        }
        for (String name :
                new String[] {"hbiWorkspace", "allowPublicAccessWhenBehindVnet", "v1LegacyMode", "storageHnsEnabled"}) {
            if (!properties.path(name).isBoolean()) {
                properties.put(name, false);
            }
        }
        if (!properties.path("managedNetwork").isObject()) {
            properties
                    .putObject("managedNetwork")
                    .put("isolationMode", "Disabled")
                    .putObject("outboundRules");
        }
        if (!properties.has("notebookInfo")) {
            properties.putNull("notebookInfo");
        }
        // Ours alone, whatever was sent: an Azure export would otherwise point clients back to Azure.
        return properties
                .put("workspaceId", workspace.id().value())
                .put("provisioningState", "Succeeded")
                .put("creationTime", workspace.createdOn().toString())
                .put("tenantId", Directory.TENANT)
                .put("discoveryUrl", caller.base() + "/discovery")
                .put("mlFlowTrackingUri", "azureml://" + caller.host() + "/mlflow/v1.0" + workspace.armId());
    }

    private static void byDefault(ObjectNode properties, String name, String value) {
        JsonNode given = properties.path(name);
        if (given.isMissingNode() || given.isNull()) {
            properties.put(name, value);
        }
    }
}
