package dev.malachite.server.asset;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/**
 * The v1 SDK's datasets: there are none, because their definitions are made and read by its native engine alone. What it
 * asks next is whether the v2 SDK has data of that name.
 */
@RestController
class DatasetController {

    private static final String DATASETS = "/dataset/v1.0" + WorkspaceRef.PATH + "/datasets";
    private static final String VERSION = "/data/v1.0" + WorkspaceRef.PATH + "/dataversion/{name}/versions/{version}";

    private final AssetReferences references;
    private final AssetResource resources;

    DatasetController(AssetReferences references, AssetResource resources) {
        this.references = references;
        this.resources = resources;
    }

    @GetMapping(DATASETS)
    ObjectNode list(Workspace workspace) {
        ObjectNode answer = Json.object();
        answer.putArray("value");
        return answer.putNull("continuationToken").putNull("nextLink");
    }

    @GetMapping({DATASETS + "/query/{query}", DATASETS + "/{id}"})
    ObjectNode get(Workspace workspace) {
        throw new AzureException(Errors.notFound("The dataset"));
    }

    @PostMapping({DATASETS, DATASETS + "/{action}"})
    ObjectNode register(Workspace workspace) {
        throw new AzureException(
                Errors.userError("The emulator does not keep datasets of the SDK v1. Register data with"
                        + " the SDK v2 (azure-ai-ml, MLClient.data), or use a datastore's upload and download."));
    }

    @GetMapping(VERSION)
    ObjectNode version(Workspace workspace, @PathVariable String name, @PathVariable String version) {
        AssetVersion found = references
                .version(workspace, AssetKind.DATA, name, Optional.of(version))
                .orElseThrow(() ->
                        new AzureException(Errors.notFound("The data '%s' in version '%s'".formatted(name, version))));
        ObjectNode properties = Json.objectAt(resources.version(workspace, found), "properties");
        ObjectNode answer = Json.object();
        ObjectNode data = answer.putObject("dataVersion");
        data.put("assetId", AssetReferences.assetId(workspace, AssetKind.DATA, found.name(), found.version()))
                .put("dataContainerName", found.name())
                .put("versionId", found.version())
                .put("dataType", found.type())
                .put("dataUri", Json.string(properties, "dataUri").orElse(null))
                .put("description", found.description().orElse(null))
                .put("isAnonymous", found.anonymous());
        data.set("tags", found.tags().json());
        data.set("properties", found.properties().json());
        answer.putObject("entityMetadata")
                .put("createdTime", found.created().toString())
                .put("modifiedTime", found.modified().toString());
        return answer.put("isV2", true);
    }
}
