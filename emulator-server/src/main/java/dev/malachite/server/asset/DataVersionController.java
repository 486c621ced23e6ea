package dev.malachite.server.asset;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Data of the v2 SDK as azureml-core asks for it, when no dataset of its own has the name. */
@RestController
class DataVersionController {

    private static final String VERSION = "/data/v1.0" + WorkspaceRef.PATH + "/dataversion/{name}/versions/{version}";

    private final AssetReferences references;
    private final AssetResource resources;

    DataVersionController(AssetReferences references, AssetResource resources) {
        this.references = references;
        this.resources = resources;
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
