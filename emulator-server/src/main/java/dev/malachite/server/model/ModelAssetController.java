package dev.malachite.server.model;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The model management's assets: azureml-core makes one before it registers a model, and reads it to download the model. */
@RestController
@RequestMapping("/modelmanagement/v1.0" + WorkspaceRef.PATH + "/assets")
class ModelAssetController {

    private static final int PAGE = 100;
    private static final int LAST_PAGE = 1_000_000;

    private final ModelAssets assets;

    ModelAssetController(ModelAssets assets) {
        this.assets = assets;
    }

    @PostMapping
    ObjectNode create(Workspace workspace, @Body ObjectNode body) {
        return assets.create(workspace.id(), body);
    }

    @GetMapping
    ObjectNode list(
            Workspace workspace,
            @RequestParam Optional<String> name,
            @RequestParam Optional<String> runId,
            @RequestParam(name = "$skipToken", defaultValue = "0") int page) {
        if (page < 0 || page > LAST_PAGE) {
            throw new AzureException(Errors.invalidParameter("$skipToken", "it is from 0 to %d.".formatted(LAST_PAGE)));
        }
        List<ObjectNode> found = assets.list(workspace.id(), page, PAGE);
        ObjectNode answer = Json.object();
        ArrayNode value = answer.putArray("value");
        found.stream()
                .filter(asset -> name.isEmpty() || Json.string(asset, "name").equals(name))
                .filter(asset -> runId.isEmpty() || Json.string(asset, "runid").equals(runId))
                .forEach(value::add);
        String next = found.size() == PAGE ? String.valueOf(page + 1) : null;
        return answer.put("continuationToken", next).put("nextLink", next == null ? null : "assets?$skipToken=" + next);
    }

    @GetMapping("/{id}")
    ObjectNode get(Workspace workspace, @PathVariable String id) {
        return assets.find(workspace.id(), id)
                .orElseThrow(() -> new AzureException(Errors.notFound("Asset '" + id + "'")));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(Workspace workspace, @PathVariable String id) {
        return ResponseEntity.status(assets.delete(workspace.id(), id) ? 200 : 204)
                .build();
    }
}
