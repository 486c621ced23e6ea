package dev.malachite.server.arm;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Deployments and their operations, the latter below the path that the SDKs build without a provider segment too. */
@RestController
class DeploymentController {

    private static final String DEPLOYMENTS =
            "/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.Resources/deployments";
    private static final String DEPLOYMENT = DEPLOYMENTS + "/{name}";
    private static final String SHORT = "/subscriptions/{sub}/resourceGroups/{rg}/deployments/{name}";

    private final Deployments deployments;
    private final ResourceGroupService groups;

    DeploymentController(Deployments deployments, ResourceGroupService groups) {
        this.deployments = deployments;
        this.groups = groups;
    }

    /** Deployments to a subscription itself are none of ours; the v1 SDK asks whether there are any. */
    @GetMapping("/subscriptions/{sub}/providers/Microsoft.Resources/deployments")
    ObjectNode listInSubscription(@PathVariable String sub) {
        return Json.object().set("value", Json.array());
    }

    @GetMapping(DEPLOYMENTS)
    ObjectNode list(@PathVariable String sub, @PathVariable String rg) {
        groups.require(sub, rg);
        ArrayNode value = Json.array();
        deployments.list(sub, rg).forEach(document -> value.add(answer(document)));
        return Json.object().set("value", value);
    }

    @GetMapping({DEPLOYMENT, SHORT})
    ObjectNode get(@PathVariable String sub, @PathVariable String rg, @PathVariable String name) {
        return answer(deployments.require(sub, rg, name));
    }

    @RequestMapping(
            path = {DEPLOYMENT, SHORT},
            method = RequestMethod.HEAD)
    ResponseEntity<Void> exists(@PathVariable String sub, @PathVariable String rg, @PathVariable String name) {
        return ResponseEntity.status(
                        deployments.find(sub, rg, name).isPresent() ? HttpStatus.NO_CONTENT : HttpStatus.NOT_FOUND)
                .build();
    }

    @PutMapping(DEPLOYMENT)
    ResponseEntity<ObjectNode> put(
            @PathVariable String sub,
            @PathVariable String rg,
            @PathVariable String name,
            @RequestParam("api-version") String[] version,
            @Body ObjectNode body) {
        ObjectNode document = deployments.deploy(sub, rg, name, body);
        ObjectNode answer = answer(document);
        Json.objectAt(answer, "properties").put("provisioningState", "Accepted").put("duration", "PT0S");
        String operation = "%s%s/operationStatuses/%s?api-version=%s"
                .formatted(
                        Caller.current().base(),
                        Json.string(document, "id").orElse(""),
                        Json.string(document, Deployments.OPERATION_ID).orElse(""),
                        version[0]);
        return ResponseEntity.status(HttpStatus.CREATED)
                .header("Azure-AsyncOperation", operation)
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(answer);
    }

    @PostMapping(DEPLOYMENT + "/validate")
    ObjectNode validate(
            @PathVariable String sub, @PathVariable String rg, @PathVariable String name, @Body ObjectNode body) {
        return answer(deployments.validate(sub, rg, name, body));
    }

    @DeleteMapping(DEPLOYMENT)
    ResponseEntity<Void> delete(@PathVariable String sub, @PathVariable String rg, @PathVariable String name) {
        deployments.delete(sub, rg, name);
        return ResponseEntity.noContent().build();
    }

    @GetMapping({DEPLOYMENT + "/operationStatuses/{operation}", SHORT + "/operationStatuses/{operation}"})
    ResponseEntity<ObjectNode> status(
            @PathVariable String sub,
            @PathVariable String rg,
            @PathVariable String name,
            @PathVariable String operation) {
        ObjectNode document = deployments.require(sub, rg, name);
        if (!Json.string(document, Deployments.OPERATION_ID).orElse("").equalsIgnoreCase(operation)) {
            throw new AzureException(Errors.notFound("The operation '%s'".formatted(operation)));
        }
        return ResponseEntity.ok()
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(Json.object().put("status", "Succeeded"));
    }

    @GetMapping({SHORT + "/operations", DEPLOYMENT + "/operations"})
    ObjectNode operations(@PathVariable String sub, @PathVariable String rg, @PathVariable String name) {
        return Json.object().set("value", Json.member(deployments.require(sub, rg, name), Deployments.OPERATIONS));
    }

    @GetMapping({SHORT + "/operations/{operation}", DEPLOYMENT + "/operations/{operation}"})
    JsonNode operation(
            @PathVariable String sub,
            @PathVariable String rg,
            @PathVariable String name,
            @PathVariable String operation) {
        for (JsonNode entry : Json.member(deployments.require(sub, rg, name), Deployments.OPERATIONS)) {
            if (Json.string(entry, "operationId").orElse("").equalsIgnoreCase(operation)) {
                return entry;
            }
        }
        throw new AzureException(Errors.notFound("The deployment operation '%s'".formatted(operation)));
    }

    private static ObjectNode answer(ObjectNode document) {
        ObjectNode answer = document.deepCopy();
        answer.remove(Deployments.OPERATIONS);
        answer.remove(Deployments.OPERATION_ID);
        return answer;
    }
}
