package dev.malachite.server.model;

import dev.malachite.api.Errors;
import dev.malachite.server.asset.AssetVersion;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.web.Author;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Models as azureml-core registers, lists and changes them. */
@RestController
@RequestMapping("/modelmanagement/v1.0" + WorkspaceRef.PATH + "/models")
class ModelController {

    /** azureml-core asks for at most so many. */
    private static final int PAGE = 255;

    private static final int MAX_PATCH = 1_000_000;

    private final Models models;
    private final ModelView view;

    ModelController(Models models, ModelView view) {
        this.models = models;
        this.view = view;
    }

    @PostMapping
    ObjectNode register(Workspace workspace, @Body ObjectNode body) {
        return view.of(workspace, models.register(workspace, body, Author.current()));
    }

    @GetMapping
    ObjectNode list(
            Workspace workspace,
            @RequestParam Optional<String> name,
            @RequestParam Optional<String> tag,
            @RequestParam Optional<String> tags,
            @RequestParam Optional<String> properties,
            @RequestParam Optional<String> framework,
            @RequestParam Optional<String> description,
            @RequestParam Optional<String> runId,
            @RequestParam Optional<String> datasetId,
            @RequestParam(defaultValue = "false") boolean latestVersionOnly,
            @RequestParam(required = false) @Nullable Integer count,
            @RequestParam(name = "$skipToken", required = false) @Nullable String token) {
        Slice<AssetVersion> found = models.list(
                workspace,
                new ModelQuery(
                        name,
                        tag,
                        tags,
                        properties,
                        framework,
                        description,
                        runId,
                        datasetId,
                        latestVersionOnly,
                        Page.of(count, token, PAGE)));
        ObjectNode answer = Json.object();
        ArrayNode value = answer.putArray("value");
        found.items().forEach(model -> value.add(view.of(workspace, model)));
        answer.put("continuationToken", found.next().orElse(null));
        // The SDK takes the token out of it, and asks the list itself again.
        return answer.put(
                "nextLink",
                found.next().map(next -> "models?$skipToken=" + next).orElse(null));
    }

    @GetMapping("/{id}")
    ObjectNode get(Workspace workspace, @PathVariable String id) {
        return view.of(workspace, models.find(workspace, id).orElseThrow(() -> missing(id)));
    }

    @PatchMapping("/{id}")
    ObjectNode patch(Workspace workspace, @PathVariable String id, InputStream body) throws IOException {
        return models.patch(workspace, id, operations(body.readNBytes(MAX_PATCH + 1)), Author.current())
                .map(model -> view.of(workspace, model))
                .orElseThrow(() -> missing(id));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(Workspace workspace, @PathVariable String id) {
        return ResponseEntity.status(models.delete(workspace, id) ? 200 : 204).build();
    }

    private static JsonNode operations(byte[] body) {
        if (body.length > MAX_PATCH) {
            throw new AzureException(Errors.tooLarge("The patch", MAX_PATCH));
        }
        try {
            JsonNode operations = Json.mapper().readTree(body);
            if (operations.isArray() && operations.valueStream().allMatch(JsonNode::isObject)) {
                return operations;
            }
        } catch (JacksonException e) {
            throw new AzureException(Errors.invalidContent(e.getOriginalMessage()));
        }
        throw new AzureException(Errors.invalidContent("a list of operations is expected"));
    }

    private static AzureException missing(String id) {
        return new AzureException(Errors.notFound("Model '" + id + "'"));
    }
}
