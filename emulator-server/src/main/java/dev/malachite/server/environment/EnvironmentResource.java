package dev.malachite.server.environment;

import dev.malachite.server.web.AssetContainers;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.SystemData;
import dev.malachite.server.workspace.Workspace;
import tools.jackson.databind.node.ObjectNode;

/** Environments in the shape of Azure's resources. */
final class EnvironmentResource {

    private static final String TYPE = "Microsoft.MachineLearningServices/workspaces/environments";

    private EnvironmentResource() {}

    static ObjectNode version(Workspace workspace, EnvironmentView version) {
        ObjectNode resource = Json.object();
        resource.put(
                "id", "%s/environments/%s/versions/%s".formatted(workspace.armId(), version.name(), version.version()));
        resource.put("name", version.version());
        resource.put("type", TYPE + "/versions");
        ObjectNode properties = Translation.toV2(version);
        AssetContainers.complete(properties);
        if (properties.has("build")) {
            properties.set("build", EnvironmentRules.withDockerfile(properties.path("build")));
        }
        if (!properties.path("isAnonymous").isBoolean()) {
            properties.put("isAnonymous", false);
        }
        properties.put("isArchived", version.archived());
        properties.put("environmentType", Curated.is(version.name()) ? "Curated" : "UserCreated");
        if (!properties.path("osType").isString()) {
            properties.put("osType", "Linux");
        }
        properties.put("provisioningState", "Succeeded");
        resource.set("properties", properties);
        resource.set("systemData", SystemData.of(version.createdBy(), version.created(), version.modified()));
        return resource;
    }

    static ObjectNode container(Workspace workspace, EnvironmentContainer container) {
        ObjectNode resource = Json.object();
        resource.put("id", "%s/environments/%s".formatted(workspace.armId(), container.name()));
        resource.put("name", container.name());
        resource.put("type", TYPE);
        resource.set(
                "properties",
                AssetContainers.properties(
                        container.document(),
                        container.archived(),
                        container.latestVersion(),
                        container.nextVersion()));
        resource.set("systemData", SystemData.of(container.createdBy(), container.created(), container.modified()));
        return resource;
    }
}
