package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.Operation;
import dev.malachite.engine.OperationId;
import dev.malachite.engine.TargetError;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** What belongs to a region and no workspace: VM sizes, and how operations stand. */
@RestController
class LocationController {

    private static final String LOCATION =
            "/subscriptions/{sub}/providers/Microsoft.MachineLearningServices/locations/{location}";

    private final ControlLoop loop;
    private final VmSizes sizes;

    LocationController(ControlLoop loop, VmSizes sizes) {
        this.loop = loop;
        this.sizes = sizes;
    }

    /** Under both keys: old api-versions and the v1 SDK read {@code amlCompute}, newer ones {@code value}. */
    @GetMapping(LOCATION + "/vmSizes")
    ObjectNode vmSizes(@PathVariable String location) {
        ObjectNode list = Json.object();
        list.set("value", sizes.wire(location));
        list.set("amlCompute", sizes.wire(location));
        return list;
    }

    @GetMapping(LOCATION + "/computeOperationsStatus/{id}")
    ResponseEntity<ObjectNode> operation(@PathVariable String id) {
        Operation operation = loop.state()
                .operation(new OperationId(id))
                .orElseThrow(() -> new AzureException(Errors.notFound("Operation '%s'".formatted(id))));
        ObjectNode body = Json.object().put("id", id).put("name", id);
        if (operation.failure().isPresent()) {
            TargetError failure = operation.failure().get();
            body.put("status", "Failed")
                    .putObject("error")
                    .put("code", failure.code())
                    .put("message", failure.message());
            return ResponseEntity.ok(body);
        }
        if (operation.done()) {
            return ResponseEntity.ok(body.put("status", "Succeeded").put("percentComplete", 100.0));
        }
        return ResponseEntity.ok().header("Retry-After", "1").body(body.put("status", "InProgress"));
    }

    @GetMapping(LOCATION + "/computeOperationsResults/{id}")
    ResponseEntity<ObjectNode> result(@PathVariable String id) {
        return operation(id).getHeaders().containsHeader("Retry-After")
                ? ResponseEntity.accepted().header("Retry-After", "1").build()
                : ResponseEntity.noContent().build();
    }
}
