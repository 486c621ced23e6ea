package dev.malachite.server.delivery;

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
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Where assets are, for {@code jobs.download} of the v2 SDK; ids that name nothing are left out. */
@RestController
class ResolvedUrisController {

    private static final int MOST = 1_000;

    private final DataPaths paths;

    ResolvedUrisController(DataPaths paths) {
        this.paths = paths;
    }

    @PostMapping("/data/v1.0" + WorkspaceRef.PATH + "/dataversion/batchGetResolvedUris")
    ObjectNode data(Workspace workspace, @Body ObjectNode body) {
        return answer(workspace, body, false, "uri");
    }

    @PostMapping("/modelregistry/v1.0" + WorkspaceRef.PATH + "/models/batchGetResolvedUris")
    ObjectNode models(Workspace workspace, @Body ObjectNode body) {
        return answer(workspace, body, true, "path");
    }

    /** The two services differ in what they call the place. */
    private ObjectNode answer(Workspace workspace, ObjectNode body, boolean models, String member) {
        if (!(Json.member(body, "values") instanceof ArrayNode ids)
                || ids.size() > MOST
                || ids.valueStream().anyMatch(id -> !id.isString())) {
            throw new AzureException(
                    Errors.invalidParameter("values", "a list of at most %d ids is expected.".formatted(MOST)));
        }
        ObjectNode answer = Json.object();
        ObjectNode values = answer.putObject("values");
        for (JsonNode id : ids) {
            place(workspace, id.asString(), models)
                    .ifPresent(place -> values.putObject(id.asString())
                            .put(member, place.uri())
                            .put("type", type(workspace, id.asString(), place)));
        }
        return answer;
    }

    private Optional<DataPlace> place(Workspace workspace, String id, boolean models) {
        try {
            return Optional.of(paths.find(workspace, id, models));
        } catch (AzureException e) {
            return Optional.empty();
        }
    }

    /** What the asset is; else a folder of outputs ends in a slash. */
    private String type(Workspace workspace, String id, DataPlace place) {
        return switch (paths.type(workspace, id).orElse("").toLowerCase(Locale.ROOT)) {
            case "mltable" -> "MLTable";
            case "uri_folder" -> "UriFolder";
            case "uri_file" -> "UriFile";
            default -> place.uri().endsWith("/") ? "UriFolder" : "UriFile";
        };
    }
}
