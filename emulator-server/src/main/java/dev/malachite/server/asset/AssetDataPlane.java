package dev.malachite.server.asset;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.Locale;
import java.util.Optional;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Where assets' files are: azure-ai-ml asks before it downloads a job's outputs. */
@RestController
class AssetDataPlane {

    private static final int MAX_IDS = 1_000;

    private final AssetReferences references;
    private final StorageUris uris;

    AssetDataPlane(AssetReferences references, StorageUris uris) {
        this.references = references;
        this.uris = uris;
    }

    @PostMapping("/data/v1.0" + WorkspaceRef.PATH + "/dataversion/batchGetResolvedUris")
    ObjectNode dataUris(Workspace workspace, @Body ObjectNode body) {
        ObjectNode answer = Json.object();
        ObjectNode values = answer.putObject("values");
        for (JsonNode id : ids(body)) {
            find(workspace, id.asString(), AssetKind.DATA)
                    .ifPresent(found -> values.putObject(id.asString())
                            .put("uri", found.uri().map(uris::shown).orElse(null))
                            .put("type", dataType(found.type())));
        }
        return answer;
    }

    @PostMapping("/modelregistry/v1.0" + WorkspaceRef.PATH + "/models/batchGetResolvedUris")
    ObjectNode modelUris(Workspace workspace, @Body ObjectNode body) {
        ObjectNode answer = Json.object();
        ObjectNode values = answer.putObject("values");
        for (JsonNode id : ids(body)) {
            find(workspace, id.asString(), AssetKind.MODEL)
                    .ifPresent(found -> values.putObject(id.asString())
                            .put("path", found.uri().map(uris::shown).orElse(null))
                            .put("type", found.type()));
        }
        return answer;
    }

    private Optional<AssetVersion> find(Workspace workspace, String id, AssetKind kind) {
        return references.find(workspace, id, kind).filter(found -> found.kind() == kind);
    }

    private static JsonNode ids(ObjectNode body) {
        JsonNode values = Json.member(body, "values");
        if (!values.isArray() || values.size() > MAX_IDS || values.valueStream().anyMatch(id -> !id.isString())) {
            throw new AzureException(
                    Errors.invalidParameter("values", "a list of up to %d asset ids is expected.".formatted(MAX_IDS)));
        }
        return values;
    }

    /** As this service writes it. */
    private static String dataType(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "uri_file" -> "UriFile";
            case "mltable" -> "MLTable";
            default -> "UriFolder";
        };
    }
}
