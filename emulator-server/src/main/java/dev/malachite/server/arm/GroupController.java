package dev.malachite.server.arm;

import dev.malachite.api.Errors;
import dev.malachite.server.resource.Resources;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceService;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Resource groups; one that goes takes its workspaces with it. */
@RestController
class GroupController {

    private static final String GROUP = "/subscriptions/{sub}/resourceGroups/{rg}";

    private final ResourceGroupService groups;
    private final WorkspaceService workspaces;
    private final Deployments deployments;
    private final Operations operations;
    private final Resources resources;

    GroupController(
            ResourceGroupService groups,
            WorkspaceService workspaces,
            Deployments deployments,
            Operations operations,
            Resources resources) {
        this.resources = resources;
        this.groups = groups;
        this.workspaces = workspaces;
        this.deployments = deployments;
        this.operations = operations;
    }

    @GetMapping("/subscriptions/{sub}/resourceGroups")
    ObjectNode list(@PathVariable String sub) {
        ArrayNode value = Json.array();
        groups.list(sub).forEach(group -> value.add(group.answer()));
        return Json.object().set("value", value);
    }

    @GetMapping(GROUP)
    ObjectNode get(@PathVariable String sub, @PathVariable String rg) {
        return groups.require(sub, rg).answer();
    }

    @RequestMapping(path = GROUP, method = RequestMethod.HEAD)
    ResponseEntity<Void> exists(@PathVariable String sub, @PathVariable String rg) {
        return ResponseEntity.status(groups.exists(sub, rg) ? HttpStatus.NO_CONTENT : HttpStatus.NOT_FOUND)
                .build();
    }

    @PutMapping(GROUP)
    ResponseEntity<ObjectNode> put(@PathVariable String sub, @PathVariable String rg, @Body ObjectNode body) {
        ResourceGroupService.Put put = groups.put(sub, rg, body);
        return ResponseEntity.status(put.made() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(put.group().answer());
    }

    @PatchMapping(GROUP)
    ObjectNode patch(@PathVariable String sub, @PathVariable String rg, @Body ObjectNode body) {
        return groups.patch(sub, rg, body).answer();
    }

    @DeleteMapping(GROUP)
    ResponseEntity<Void> delete(@PathVariable String sub, @PathVariable String rg) {
        groups.require(sub, rg);
        for (Workspace workspace : workspaces.list(sub, rg)) {
            workspaces.delete(workspace.ref());
        }
        deployments.forget(sub, rg);
        resources.forget(sub, rg);
        groups.delete(sub, rg);
        return ResponseEntity.accepted()
                .header(
                        HttpHeaders.LOCATION,
                        "%s/subscriptions/%s/operationresults/%s"
                                .formatted(Caller.current().base(), sub, operations.done(sub)))
                .header(HttpHeaders.RETRY_AFTER, "1")
                .build();
    }

    /** Where a 202 sent the client: done means 200 without a body. */
    @GetMapping("/subscriptions/{sub}/operationresults/{operation}")
    ResponseEntity<Void> result(@PathVariable String sub, @PathVariable String operation) {
        if (!operations.exists(sub, operation)) {
            throw new AzureException(Errors.notFound("The operation '%s'".formatted(operation)));
        }
        return ResponseEntity.ok().build();
    }
}
