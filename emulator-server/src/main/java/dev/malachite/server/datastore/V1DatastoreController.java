package dev.malachite.server.datastore;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.StorageSuffix;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Datastores as the v1 SDK sees them: it signs blob requests itself, so its answers carry the key unless it declines. */
@RestController
class V1DatastoreController {

    private static final String BASE = "/datastore/v1.0" + WorkspaceRef.PATH;
    private static final String ALL = BASE + "/datastores";
    private static final String ONE = ALL + "/{name}";

    private final DatastoreService datastores;

    V1DatastoreController(DatastoreService datastores) {
        this.datastores = datastores;
    }

    @GetMapping(BASE + "/default")
    ObjectNode defaultOf(Workspace workspace, @RequestParam(defaultValue = "true") boolean includeSecret) {
        return answer(datastores.defaultOf(workspace), includeSecret);
    }

    @PutMapping(BASE + "/default/{name}")
    ResponseEntity<Void> setDefault(Workspace workspace, @PathVariable String name) {
        datastores.setDefault(workspace, name);
        return ResponseEntity.ok().build();
    }

    /** All in one page: the SDK follows a continuation only where the key is there. */
    @GetMapping(ALL)
    ObjectNode list(Workspace workspace, @RequestParam(defaultValue = "true") boolean includeSecret) {
        ArrayNode value = Json.array();
        datastores.list(workspace).forEach(store -> value.add(answer(store, includeSecret)));
        return Json.object().set("value", value);
    }

    @GetMapping(ONE)
    ObjectNode get(
            Workspace workspace,
            @PathVariable String name,
            @RequestParam(defaultValue = "true") boolean includeSecret) {
        return answer(datastores.require(workspace, name), includeSecret);
    }

    @PostMapping(ALL)
    ResponseEntity<Void> register(Workspace workspace, @Body ObjectNode body) {
        V1Datastores.Registration wanted = V1Datastores.read(body);
        if (datastores.find(workspace, wanted.name()).isPresent()) {
            // The SDK looks for these very words before it overwrites.
            throw new AzureException(Errors.userError(
                    "Another datastore with the same name already exists: '%s'.".formatted(wanted.name())));
        }
        datastores.put(workspace, wanted.name(), wanted.properties(), wanted.secrets());
        return ResponseEntity.ok().build();
    }

    @PutMapping(ONE)
    ResponseEntity<Void> update(Workspace workspace, @PathVariable String name, @Body ObjectNode body) {
        Datastore existing = datastores.require(workspace, name);
        V1Datastores.Registration wanted = V1Datastores.read(body);
        datastores.put(workspace, existing.name(), wanted.properties(), wanted.secrets());
        return ResponseEntity.ok().build();
    }

    @DeleteMapping(ONE)
    ResponseEntity<Void> delete(Workspace workspace, @PathVariable String name) {
        datastores.delete(workspace, name);
        return ResponseEntity.ok().build();
    }

    private ObjectNode answer(Datastore store, boolean withSecrets) {
        return V1Datastores.answer(
                datastores.shown(store), StorageSuffix.of(Caller.current().host()), withSecrets);
    }
}
