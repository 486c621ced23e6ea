package dev.malachite.server.asset;

import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.time.Instant;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** AssetStore in the shape of Azure's resources. */
@Component
class AssetResource {

    private static final String SYSTEM = "Malachite user";

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
                systemData(version.createdBy(), version.created(), version.modifiedBy(), version.modified()));
        return resource;
    }

    ObjectNode container(Workspace workspace, AssetContainer container) {
        ObjectNode properties = container.document().deepCopy();
        for (String name : new String[] {"tags", "properties"}) {
            if (!properties.path(name).isObject()) {
                properties.putObject(name);
            }
        }
        if (!properties.has("description")) {
            properties.putNull("description");
        }
        properties.put("isArchived", container.archived());
        properties.put(
                "latestVersion", container.latest().map(AssetVersion::version).orElse(null));
        properties.put("nextVersion", container.nextVersion());
        if (container.kind() == AssetKind.DATA) {
            JsonNode given = properties.path("dataType");
            properties.put(
                    "dataType",
                    container
                            .latest()
                            .map(AssetVersion::type)
                            .orElse(given.isString() ? given.stringValue() : "uri_folder"));
        } else {
            properties.put("provisioningState", "Succeeded");
        }
        ObjectNode resource = Json.object()
                .put(
                        "id",
                        "%s/%s/%s".formatted(workspace.armId(), container.kind().segment(), container.name()))
                .put("name", container.name())
                .put("type", container.kind().type());
        resource.set("properties", properties);
        resource.set("systemData", systemData(SYSTEM, container.created(), SYSTEM, container.modified()));
        return resource;
    }

    private void show(ObjectNode properties, String member) {
        Json.string(properties, member).ifPresent(uri -> properties.put(member, uris.shown(uri)));
    }

    private static ObjectNode systemData(String by, Instant created, String changedBy, Instant modified) {
        return Json.object()
                .put("createdAt", created.toString())
                .put("createdBy", by)
                .put("createdByType", "User")
                .put("lastModifiedAt", modified.toString())
                .put("lastModifiedBy", changedBy)
                .put("lastModifiedByType", "User");
    }
}
