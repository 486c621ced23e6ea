package dev.malachite.server.environment;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.secret.WorkspaceRegistries;
import dev.malachite.server.web.Author;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Environments as azureml-core registers and reads them. */
@RestController
@RequestMapping("/environment/v1.0" + WorkspaceRef.PATH + "/environments")
class EnvironmentV1Controller {

    private static final int PAGE = 500;

    private final Environments environments;
    private final WorkspaceRegistries registries;

    EnvironmentV1Controller(Environments environments, WorkspaceRegistries registries) {
        this.registries = registries;
        this.environments = environments;
    }

    @GetMapping
    ObjectNode list(
            Workspace workspace, @RequestParam(name = "continuation", required = false) @Nullable String token) {
        Slice<EnvironmentView> found = environments.listLatest(workspace.id(), Page.of(null, token, PAGE));
        ObjectNode answer = Json.object();
        ArrayNode value = answer.putArray("value");
        found.items().forEach(version -> value.add(Translation.toV1(version)));
        answer.put("continuationToken", found.next().orElse(null));
        return answer;
    }

    @PutMapping({"/{name}", "/{name}/versions/{version}"})
    ObjectNode register(
            Workspace workspace,
            @PathVariable String name,
            @PathVariable(required = false) @Nullable String version,
            @Body ObjectNode definition) {
        registries.takeFrom(workspace.id(), definition);
        return Translation.toV1(environments.register(workspace.id(), name, version, definition, Author.current()));
    }

    @GetMapping("/{name}")
    ObjectNode latest(Workspace workspace, @PathVariable String name) {
        return Translation.toV1(environments
                .latest(workspace.id(), name)
                .orElseThrow(() -> new AzureException(Errors.notFound("Environment '" + name + "'"))));
    }

    @GetMapping("/{name}/labels/latest")
    ObjectNode labelled(Workspace workspace, @PathVariable String name) {
        return latest(workspace, name);
    }

    @GetMapping("/{name}/versions")
    ObjectNode versions(
            Workspace workspace,
            @PathVariable String name,
            @RequestParam(name = "continuation", required = false) @Nullable String token) {
        Slice<EnvironmentView> found = environments.listVersions(
                workspace.id(), name, Optional.of(false), List.of(), Page.of(null, token, PAGE));
        ObjectNode answer = Json.object();
        ArrayNode value = answer.putArray("value");
        found.items().forEach(version -> value.add(Translation.toV1(version)));
        answer.put("continuationToken", found.next().orElse(null));
        return answer;
    }

    @GetMapping("/{name}/versions/{version}")
    ObjectNode get(Workspace workspace, @PathVariable String name, @PathVariable String version) {
        return Translation.toV1(require(workspace, name, version));
    }

    /** Images are made when a job first needs them; to the SDK they are all there. */
    @GetMapping("/{name}/versions/{version}/image")
    ObjectNode image(Workspace workspace, @PathVariable String name, @PathVariable String version) {
        ObjectNode definition = Translation.toV1(require(workspace, name, version));
        ObjectNode answer = Json.object();
        answer.put("imageExistsInRegistry", true);
        ObjectNode image = answer.putObject("dockerImage");
        image.put(
                "name",
                Json.string(Json.objectAt(definition, "docker"), "baseImage").orElse(Translation.DEFAULT_IMAGE));
        image.putObject("registry").putNull("address").putNull("username").putNull("password");
        answer.set("pythonEnvironment", Json.objectAt(definition, "python"));
        return answer;
    }

    private EnvironmentView require(Workspace workspace, String name, String version) {
        return environments
                .find(workspace.id(), name, version)
                .orElseThrow(() -> new AzureException(
                        Errors.notFound("Environment '%s' in version '%s'".formatted(name, version))));
    }
}
