package dev.malachite.server.runtime.ssh;

import dev.malachite.api.Errors;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Shows and forgets by which key a target's machine is known: a machine that was set up anew has another one. */
@RestController
@RequestMapping(HostKeyController.PATH + "/{workspace}/{target}")
class HostKeyController {

    static final String PATH = "/_emulator/host-keys";

    private final HostKeys keys;

    HostKeyController(HostKeys keys) {
        this.keys = keys;
    }

    @GetMapping
    ObjectNode get(@PathVariable String workspace, @PathVariable String target) {
        return keys.find(id(workspace, target))
                .map(key -> Json.object().put("publicKey", key))
                .orElseThrow(() -> unknown(target));
    }

    @DeleteMapping
    ResponseEntity<Void> forget(@PathVariable String workspace, @PathVariable String target) {
        if (!keys.forget(id(workspace, target))) {
            throw unknown(target);
        }
        return ResponseEntity.noContent().build();
    }

    private static TargetId id(String workspace, String target) {
        return new TargetId(new WorkspaceId(workspace), target);
    }

    private static AzureException unknown(String target) {
        return new AzureException(Errors.notFound("A host key of '%s'".formatted(target)));
    }
}
