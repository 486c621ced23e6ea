package dev.malachite.server.resource;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.ResourceGroups;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Declares what other services would have made: by a plain PUT, as a template or {@code az resource create} sends it. */
@RestController
class DeclarationController {

    private static final String IN_SUBSCRIPTION = "/subscriptions/{sub}/providers/{namespace}/{type}";
    private static final String GROUP = "/subscriptions/{sub}/resourceGroups/{rg}/providers/";
    private static final String IN_GROUP = GROUP + "{namespace}/{type}";

    /** The types that lie below another resource, which itself need not be declared. */
    private static final String BELOW = GROUP
            + "{namespace:Microsoft\\.Synapse|Microsoft\\.BatchAI}/workspaces/{parent}/{type:bigDataPools|clusters}/{name}";

    private final Resources resources;
    private final ResourceGroups groups;

    DeclarationController(Resources resources, ResourceGroups groups) {
        this.resources = resources;
        this.groups = groups;
    }

    @PutMapping(IN_GROUP + "/{name}")
    ResponseEntity<ObjectNode> put(
            @PathVariable String sub,
            @PathVariable String rg,
            @PathVariable String namespace,
            @PathVariable String type,
            @PathVariable String name,
            @Body ObjectNode body) {
        return put(
                sub,
                rg,
                "/subscriptions/%s/resourceGroups/%s/providers/%s/%s/%s".formatted(sub, rg, namespace, type, name),
                body);
    }

    @PutMapping(BELOW)
    ResponseEntity<ObjectNode> putBelow(
            @PathVariable String sub,
            @PathVariable String rg,
            @PathVariable String namespace,
            @PathVariable String parent,
            @PathVariable String type,
            @PathVariable String name,
            @Body ObjectNode body) {
        return put(sub, rg, below(sub, rg, namespace, parent, type, name), body);
    }

    private ResponseEntity<ObjectNode> put(String subscription, String group, String text, ObjectNode body) {
        ArmId id = ArmId.parse(text)
                .filter(form -> Resources.isKnown(form.type()))
                .orElseThrow(() -> new AzureException(Errors.noSuchRoute(text)));
        if (!groups.exists(subscription, group)) {
            throw new AzureException(Errors.resourceGroupNotFound(group));
        }
        Resources.Put put = resources.put(id, body);
        return ResponseEntity.status(put.made() ? HttpStatus.CREATED : HttpStatus.OK)
                .body(put.resource());
    }

    @GetMapping(BELOW)
    ObjectNode getBelow(
            @PathVariable String sub,
            @PathVariable String rg,
            @PathVariable String namespace,
            @PathVariable String parent,
            @PathVariable String type,
            @PathVariable String name) {
        return resources
                .find(below(sub, rg, namespace, parent, type, name))
                .orElseThrow(() -> new AzureException(
                        Errors.resourceNotFound(namespace + "/workspaces/" + type, parent + "/" + name, rg)));
    }

    @DeleteMapping(BELOW)
    ResponseEntity<Void> deleteBelow(
            @PathVariable String sub,
            @PathVariable String rg,
            @PathVariable String namespace,
            @PathVariable String parent,
            @PathVariable String type,
            @PathVariable String name) {
        boolean gone = resources.delete(below(sub, rg, namespace, parent, type, name));
        return ResponseEntity.status(gone ? HttpStatus.OK : HttpStatus.NO_CONTENT)
                .build();
    }

    private static String below(
            String subscription, String group, String namespace, String parent, String type, String name) {
        return "/subscriptions/%s/resourceGroups/%s/providers/%s/workspaces/%s/%s/%s"
                .formatted(subscription, group, namespace, parent, type, name);
    }

    @GetMapping({IN_GROUP, IN_SUBSCRIPTION})
    ObjectNode list(
            @PathVariable String sub,
            @PathVariable(required = false) @Nullable String rg,
            @PathVariable String namespace,
            @PathVariable String type) {
        if (rg != null && !groups.exists(sub, rg)) {
            throw new AzureException(Errors.resourceGroupNotFound(rg));
        }
        if (!Resources.isKnown(namespace + "/" + type)) {
            throw new AzureException(Errors.noSuchRoute(namespace + "/" + type));
        }
        List<ObjectNode> found = resources.list(sub, rg, namespace + "/" + type);
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        value.addAll(found);
        return page;
    }
}
