package dev.malachite.server.workspace;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Regions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The workspace resource, in Azure Resource Manager and where the v1 SDK's jobs read it. */
@RestController
class WorkspaceController {

    private static final String SUBSCRIPTION =
            "/subscriptions/{sub}/providers/Microsoft.MachineLearningServices/workspaces";
    private static final String GROUP =
            "/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.MachineLearningServices/workspaces";

    private final WorkspaceService workspaces;
    private final ResourceGroups groups;
    private final Visibility visibility;

    WorkspaceController(WorkspaceService workspaces, ResourceGroups groups, Visibility visibility) {
        this.visibility = visibility;
        this.workspaces = workspaces;
        this.groups = groups;
    }

    @GetMapping({WorkspaceRef.PATH, "/rp/workspaces" + WorkspaceRef.PATH})
    ObjectNode get(WorkspaceRef ref) {
        return WorkspaceAnswer.of(workspaces.requireItself(ref), Caller.current());
    }

    /** Azure answers HEAD of a resource with 204. */
    @RequestMapping(path = WorkspaceRef.PATH, method = RequestMethod.HEAD)
    ResponseEntity<Void> exists(WorkspaceRef ref) {
        return ResponseEntity.status(workspaces.find(ref).isPresent() ? HttpStatus.NO_CONTENT : HttpStatus.NOT_FOUND)
                .build();
    }

    /** 200 for a new one too: the Go SDK and Terraform refuse a 201 here. */
    @PutMapping(WorkspaceRef.PATH)
    ObjectNode put(WorkspaceRef ref, @Body ObjectNode body) {
        return WorkspaceAnswer.of(workspaces.put(ref, body), Caller.current());
    }

    @PatchMapping(WorkspaceRef.PATH)
    ObjectNode patch(WorkspaceRef ref, @Body ObjectNode body) {
        return WorkspaceAnswer.of(workspaces.patch(ref, body), Caller.current());
    }

    @DeleteMapping(WorkspaceRef.PATH)
    ResponseEntity<Void> delete(WorkspaceRef ref) {
        return ResponseEntity.status(workspaces.delete(ref) ? HttpStatus.OK : HttpStatus.NO_CONTENT)
                .build();
    }

    @GetMapping(SUBSCRIPTION)
    ObjectNode list(@PathVariable String sub, @RequestParam(required = false) @Nullable List<String> kind) {
        return page(workspaces.list(sub), kind);
    }

    @GetMapping(GROUP)
    ObjectNode listInGroup(
            @PathVariable String sub,
            @PathVariable String rg,
            @RequestParam(required = false) @Nullable List<String> kind) {
        if (!groups.exists(sub, rg)) {
            throw new AzureException(Errors.resourceGroupNotFound(rg));
        }
        return page(workspaces.list(sub, rg), kind);
    }

    /** What a workspace can be bought as: the one that there is since Enterprise was given up in 2021. */
    @GetMapping(SUBSCRIPTION + "/skus")
    ObjectNode skus() {
        ObjectNode sku = Json.object();
        Regions.names().forEach(sku.putArray("locations")::add);
        sku.putArray("locationInfo");
        sku.put("tier", "Basic").put("resourceType", "workspaces").put("name", "Basic");
        sku.putArray("capabilities");
        sku.putArray("restrictions");
        ObjectNode answer = Json.object();
        answer.putArray("value").add(sku);
        return answer.putNull("nextLink");
    }

    @PostMapping(WorkspaceRef.PATH + "/listKeys")
    ObjectNode listKeys(WorkspaceRef ref) {
        Workspace workspace = workspaces.requireItself(ref);
        ObjectNode properties = Json.objectAt(workspace.document(), "properties");
        ObjectNode keys = Json.object();
        keys.putNull("userStorageKey");
        Json.string(properties, "storageAccount")
                .ifPresentOrElse(
                        id -> keys.put("userStorageResourceId", id).put("userStorageArmId", id),
                        () -> keys.putNull("userStorageArmId"));
        keys.putNull("appInsightsInstrumentationKey");
        keys.putNull("containerRegistryCredentials");
        return keys.putNull("notebookAccessKeys");
    }

    /** Nothing is kept twice here, so there is nothing to bring in step. */
    @PostMapping(WorkspaceRef.PATH + "/resyncKeys")
    ResponseEntity<Void> resyncKeys(WorkspaceRef ref) {
        workspaces.requireItself(ref);
        return ResponseEntity.ok().build();
    }

    @PostMapping(WorkspaceRef.PATH + "/diagnose")
    ObjectNode diagnose(WorkspaceRef ref) {
        workspaces.requireItself(ref);
        ObjectNode answer = Json.object();
        ObjectNode value = answer.putObject("value");
        for (String part : List.of(
                "userDefinedRouteResults",
                "networkSecurityRuleResults",
                "resourceLockResults",
                "dnsResolutionResults",
                "storageAccountResults",
                "keyVaultResults",
                "containerRegistryResults",
                "applicationInsightsResults",
                "otherResults")) {
            value.putArray(part);
        }
        return answer;
    }

    /** There is no managed network to make: the answer is that it is there. */
    @PostMapping(WorkspaceRef.PATH + "/provisionManagedNetwork")
    ResponseEntity<ObjectNode> provisionNetwork(WorkspaceRef ref) {
        Workspace workspace = workspaces.requireItself(ref);
        return ResponseEntity.ok()
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(Json.object()
                        .put("status", "Active")
                        .put("sparkReady", false)
                        .put("id", workspace.armId()));
    }

    private ObjectNode page(List<Workspace> found, @Nullable List<String> kinds) {
        Caller caller = Caller.current();
        ArrayNode value = Json.array();
        found.stream()
                .filter(visibility::shows)
                .map(workspace -> WorkspaceAnswer.of(workspace, caller))
                .filter(answer -> kinds == null
                        || kinds.isEmpty()
                        || kinds.stream()
                                .anyMatch(answer.path("kind").asString("").strip()::equalsIgnoreCase))
                .forEach(value::add);
        return Json.object().set("value", value);
    }
}
