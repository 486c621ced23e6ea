package dev.malachite.server.asset;

import dev.malachite.server.web.AssetContainers;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.SystemData;
import dev.malachite.server.workspace.Workspace;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** AssetStore in the shape of Azure's resources. */
@Component
class AssetResource {

    private final StorageUris uris;

    AssetResource(StorageUris uris) {
        this.uris = uris;
    }

    ObjectNode version(Workspace workspace, AssetVersion version) {
        ObjectNode properties = version.document().deepCopy();
        properties.put("description", version.description().orElse(null));
        properties.set("tags", version.tags().json());
        properties.set("properties", version.properties().json());
        properties.put("isArchived", version.archived());
        properties.put("isAnonymous", version.anonymous());
        switch (version.kind()) {
            case DATA -> show(properties, "dataUri");
            case MODEL -> {
                show(properties, "modelUri");
                // azure-ai-ml walks over them.
                if (!properties.path("flavors").isObject()) {
                    properties.putObject("flavors");
                }
                properties.put("jobName", version.runId().orElse(null));
                if (!properties.has("stage")) {
                    properties.putNull("stage");
                }
                properties.put("provisioningState", "Succeeded");
            }
            case COMPONENT -> {
                ObjectNode spec = ComponentSpecs.shown(Json.objectAt(properties, "componentSpec"));
                if (!version.anonymous()) {
                    spec.put("name", version.name()).put("version", version.version());
                }
                properties.set("componentSpec", spec);
                properties.put("provisioningState", "Succeeded");
            }
        }
        ObjectNode resource = Json.object()
                .put(
                        "id",
                        "%s/%s/%s/versions/%s"
                                .formatted(
                                        workspace.armId(), version.kind().segment(), version.name(), version.version()))
                .put("name", version.version())
                .put("type", version.kind().type() + "/versions");
        resource.set("properties", properties);
        resource.set(
                "systemData",
                SystemData.of(version.createdBy(), version.created(), version.modifiedBy(), version.modified()));
        return resource;
    }

    ObjectNode container(Workspace workspace, AssetContainer container) {
        ObjectNode properties = AssetContainers.properties(
                container.document(),
                container.archived(),
                container.latest().map(AssetVersion::version),
                container.nextVersion());
        if (container.kind() == AssetKind.DATA) {
            JsonNode given = properties.path("dataType");
            properties.remove("provisioningState");
            properties.put(
                    "dataType",
                    container
                            .latest()
                            .map(AssetVersion::type)
                            .orElse(given.isString() ? given.stringValue() : "uri_folder"));
        }
        ObjectNode resource = Json.object()
                .put(
                        "id",
                        "%s/%s/%s".formatted(workspace.armId(), container.kind().segment(), container.name()))
                .put("name", container.name())
                .put("type", container.kind().type());
        resource.set("properties", properties);
        resource.set("systemData", SystemData.of(container.createdBy(), container.created(), container.modified()));
        return resource;
    }

    private void show(ObjectNode properties, String member) {
        Json.string(properties, member).ifPresent(uri -> properties.put(member, uris.shown(uri)));
    }
}
