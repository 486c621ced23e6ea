package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.Operation;
import dev.malachite.engine.OperationId;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compute targets. The v1 SDK reads below {@code /rp/workspaces} and writes through ARM; both see the same.
 */
@RestController
class ComputeController {

    private static final String COMPUTES = WorkspaceRef.PATH + "/computes";
    private static final String COMPUTE = COMPUTES + "/{name}";

    private final Commands commands;
    private final ControlLoop loop;
    private final WireKinds kinds;
    private final ComputeReader reader;
    private final ComputeView view;
    private final ComputeOperations operations;
    private final ComputeWrites writes;

    ComputeController(
            Commands commands,
            ControlLoop loop,
            WireKinds kinds,
            ComputeReader reader,
            ComputeView view,
            ComputeOperations operations,
            ComputeWrites writes) {
        this.commands = commands;
        this.loop = loop;
        this.kinds = kinds;
        this.reader = reader;
        this.view = view;
        this.operations = operations;
        this.writes = writes;
    }

    @GetMapping({COMPUTES, "/rp/workspaces" + COMPUTES})
    ObjectNode list(Workspace workspace) {
        State state = loop.state();
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        state.targets().stream()
                .filter(target -> target.id().workspace().equals(workspace.id()))
                .forEach(target -> value.add(view.of(workspace, target, state)));
        return page;
    }

    @GetMapping({COMPUTE, "/rp/workspaces" + COMPUTE})
    ObjectNode get(Workspace workspace, @PathVariable String name) {
        State state = loop.state();
        return view.of(workspace, require(state, workspace, name), state);
    }

    @PutMapping(COMPUTE)
    ResponseEntity<ObjectNode> put(
            Workspace workspace,
            @PathVariable String name,
            @RequestParam("api-version") String apiVersion,
            @Body ObjectNode body) {
        reader.checkName(name, apiVersion, body);
        OperationId operation = ComputeOperations.fresh();
        Target written = writes.put(workspace, name, body, operation);
        return operations
                .begun(ResponseEntity.status(201), workspace, operation, apiVersion)
                .body(view.creating(workspace, written));
    }

    @PatchMapping(COMPUTE)
    ResponseEntity<ObjectNode> patch(
            Workspace workspace,
            @PathVariable String name,
            @RequestParam("api-version") String apiVersion,
            @Body ObjectNode body) {
        OperationId operation = ComputeOperations.fresh();
        writes.patch(workspace, () -> require(loop.state(), workspace, name), body, operation);
        return operations
                .begun(ResponseEntity.ok(), workspace, operation, apiVersion)
                .body(get(workspace, name));
    }

    /** Deleting what is not there is 204, which every client takes silently (clients.md 1.3). */
    @DeleteMapping(COMPUTE)
    ResponseEntity<ObjectNode> delete(
            Workspace workspace,
            @PathVariable String name,
            @RequestParam("api-version") String apiVersion,
            @RequestParam("underlyingResourceAction") String action) {
        if (!action.equalsIgnoreCase("delete") && !action.equalsIgnoreCase("detach")) {
            throw new AzureException(Errors.invalidParameter("underlyingResourceAction", "it is Delete or Detach."));
        }
        TargetId id = new TargetId(workspace.id(), name);
        Optional<Target> target = loop.state().target(id);
        if (target.isEmpty()) {
            return ResponseEntity.noContent().build();
        }
        requireSuited(action, target.get());
        Operation operation = commands.execute(new Command.DeleteTarget(id, ComputeOperations.fresh()));
        return operations
                .begun(ResponseEntity.accepted(), workspace, operation.id(), apiVersion)
                .build();
    }

    /** What is attached is not ours to delete, and what was made here is not left behind (azureml-core, delete). */
    private void requireSuited(String action, Target target) {
        boolean attached = kinds.of(target).attached(target);
        if (attached && action.equalsIgnoreCase("delete")) {
            throw new AzureException(Errors.userError(
                    "Compute '%s' is attached and cannot be deleted; detach it.".formatted(target.displayName())));
        }
        if (!attached && action.equalsIgnoreCase("detach")) {
            throw new AzureException(Errors.userError("Compute '%s' was created here and cannot be detached; delete it."
                    .formatted(target.displayName())));
        }
    }

    @PostMapping(COMPUTE + "/listNodes")
    ObjectNode listNodes(Workspace workspace, @PathVariable String name) {
        State state = loop.state();
        Target target = require(state, workspace, name);
        return kinds.of(target).nodes(target, state);
    }

    @PostMapping(COMPUTE + "/listKeys")
    ObjectNode listKeys(Workspace workspace, @PathVariable String name) {
        Target target = require(loop.state(), workspace, name);
        return kinds.of(target).keys(target);
    }

    @PostMapping(COMPUTE + "/start")
    ResponseEntity<Void> start(
            Workspace workspace, @PathVariable String name, @RequestParam("api-version") String apiVersion) {
        return power(WireKind.Power.START, workspace, name, apiVersion);
    }

    @PostMapping(COMPUTE + "/stop")
    ResponseEntity<Void> stop(
            Workspace workspace, @PathVariable String name, @RequestParam("api-version") String apiVersion) {
        return power(WireKind.Power.STOP, workspace, name, apiVersion);
    }

    @PostMapping(COMPUTE + "/restart")
    ResponseEntity<Void> restart(
            Workspace workspace, @PathVariable String name, @RequestParam("api-version") String apiVersion) {
        return power(WireKind.Power.RESTART, workspace, name, apiVersion);
    }

    private ResponseEntity<Void> power(WireKind.Power power, Workspace workspace, String name, String apiVersion) {
        Target target = require(loop.state(), workspace, name);
        Operation operation = commands.execute(kinds.of(target).power(power, target, ComputeOperations.fresh()));
        return operations
                .begun(ResponseEntity.accepted(), workspace, operation.id(), apiVersion)
                .build();
    }

    @PostMapping(COMPUTE + "/enableSso")
    ObjectNode signOn(Workspace workspace, @PathVariable String name) {
        Target target = require(loop.state(), workspace, name);
        return kinds.of(target).signOn(target);
    }

    @PostMapping(WorkspaceRef.PATH + "/checkComputeNameAvailability")
    ObjectNode checkName(Workspace workspace, @Body ObjectNode body) {
        String name = Json.string(body, "name")
                .orElseThrow(() -> new AzureException(Errors.invalidParameter("name", "it is required.")));
        boolean taken = loop.state().target(new TargetId(workspace.id(), name)).isPresent();
        return Json.object()
                .put("nameAvailable", !taken)
                .put("reason", taken ? "AlreadyExists" : null)
                .put(
                        "message",
                        taken
                                ? "The specified name %s is already in use and is therefore unavailable".formatted(name)
                                : null);
    }

    private static Target require(State state, Workspace workspace, String name) {
        return state.target(new TargetId(workspace.id(), name))
                .orElseThrow(() -> new AzureException(
                        Errors.notFound("Compute '%s' in workspace '%s'".formatted(name, workspace.name()))));
    }
}
