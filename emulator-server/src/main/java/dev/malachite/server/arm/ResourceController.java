package dev.malachite.server.arm;

import dev.malachite.api.Errors;
import dev.malachite.server.resource.Resources;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Visibility;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceService;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Resources of any type: lists, and the storage accounts, vaults and the like that workspaces name. Those of other
 * services are names only, but for what was declared: reading one that a workspace has works, removing one does nothing.
 */
@RestController
class ResourceController {

    private static final String FOREIGN =
            "/subscriptions/{sub}/resourceGroups/{rg}/providers/{namespace}/{type}/{name}";

    private final WorkspaceService workspaces;
    private final ResourceGroupService groups;
    private final Resources resources;
    private final Visibility visibility;

    ResourceController(
            WorkspaceService workspaces, ResourceGroupService groups, Resources resources, Visibility visibility) {
        this.visibility = visibility;
        this.resources = resources;
        this.workspaces = workspaces;
        this.groups = groups;
    }

    @GetMapping("/subscriptions/{sub}/resources")
    ObjectNode list(
            @PathVariable String sub, @RequestParam(name = "$filter", required = false) @Nullable String filter) {
        return page(workspaces.list(sub).stream().filter(ResourceFilter.parse(filter)));
    }

    @GetMapping("/subscriptions/{sub}/resourceGroups/{rg}/resources")
    ObjectNode listInGroup(
            @PathVariable String sub,
            @PathVariable String rg,
            @RequestParam(name = "$filter", required = false) @Nullable String filter) {
        groups.require(sub, rg);
        return page(workspaces.list(sub, rg).stream().filter(ResourceFilter.parse(filter)));
    }

    @GetMapping(FOREIGN)
    ObjectNode foreign(
            @PathVariable String sub,
            @PathVariable String rg,
            @PathVariable String namespace,
            @PathVariable String type,
            @PathVariable String name) {
        String id = "/subscriptions/%s/resourceGroups/%s/providers/%s/%s/%s".formatted(sub, rg, namespace, type, name);
        Optional<ObjectNode> declared = resources.find(id);
        if (declared.isPresent()) {
            return declared.get();
        }
        Optional<Workspace> owner = workspaces.list(sub).stream()
                .filter(workspace -> names(workspace).stream().anyMatch(id::equalsIgnoreCase))
                .findFirst();
        if (owner.isEmpty()) {
            groups.require(sub, rg);
            throw new AzureException(Errors.resourceNotFound(namespace + "/" + type, name, rg));
        }
        ObjectNode answer = Json.object()
                .put("id", id)
                .put("name", name)
                .put("type", namespace + "/" + type)
                .put("location", owner.get().location());
        answer.putObject("tags");
        answer.putObject("properties").put("provisioningState", "Succeeded");
        return answer;
    }

    @DeleteMapping(FOREIGN)
    ResponseEntity<Void> delete(
            @PathVariable String sub,
            @PathVariable String rg,
            @PathVariable String namespace,
            @PathVariable String type,
            @PathVariable String name) {
        boolean gone = resources.delete(
                "/subscriptions/%s/resourceGroups/%s/providers/%s/%s/%s".formatted(sub, rg, namespace, type, name));
        return ResponseEntity.status(gone ? HttpStatus.OK : HttpStatus.NO_CONTENT)
                .build();
    }

    private static List<String> names(Workspace workspace) {
        ObjectNode properties = Json.objectAt(workspace.document(), "properties");
        return Stream.of("storageAccount", "keyVault", "applicationInsights", "containerRegistry")
                .flatMap(name -> Json.string(properties, name).stream())
                .toList();
    }

    private ObjectNode page(Stream<Workspace> found) {
        ArrayNode value = Json.array();
        found.filter(visibility::shows).forEach(workspace -> value.add(WorkspaceService.summary(workspace)));
        return Json.object().set("value", value);
    }
}
