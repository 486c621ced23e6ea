package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.Operation;
import dev.malachite.engine.OperationId;
import dev.malachite.engine.Power;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compute targets. The v1 SDK reads below {@code /rp/workspaces} and writes through ARM; both see the same.
 */
@RestController
class ComputeController {

    private static final String COMPUTES = WorkspaceRef.PATH + "/computes";
    private static final String COMPUTE = COMPUTES + "/{name}";

    /** The last version whose start, stop and restart answer 200 (sdk-v2.md 9). */
    private static final String POWER_AT_ONCE = "2020-08-01";

    private final Commands commands;
    private final ControlLoop loop;
    private final WireKinds kinds;
    private final ComputeReader reader;
    private final ComputeView view;
    private final ComputeEdits edits;
    private final ComputeOperations operations;

    ComputeController(
            Commands commands,
            ControlLoop loop,
            WireKinds kinds,
            ComputeReader reader,
            ComputeView view,
            ComputeEdits edits,
            ComputeOperations operations) {
        this.commands = commands;
        this.loop = loop;
        this.kinds = kinds;
        this.reader = reader;
        this.view = view;
        this.edits = edits;
        this.operations = operations;
    }

    @GetMapping({COMPUTES, "/rp/workspaces" + COMPUTES})
    ObjectNode list(Workspace workspace, @RequestParam(name = "api-version", defaultValue = "") String apiVersion) {
        State state = loop.state();
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        state.targets().stream()
                .filter(target -> target.id().workspace().equals(workspace.id()))
                .forEach(target -> value.add(View2018.in(apiVersion, view.of(workspace, target, state))));
        return page;
    }

    @GetMapping({COMPUTE, "/rp/workspaces" + COMPUTE})
    ObjectNode get(
            Workspace workspace,
            @PathVariable String name,
            @RequestParam(name = "api-version", defaultValue = "") String apiVersion) {
        State state = loop.state();
        return View2018.in(apiVersion, view.of(workspace, require(state, workspace, name), state));
    }

    @PutMapping(COMPUTE)
    ResponseEntity<ObjectNode> put(
            Workspace workspace,
            @PathVariable String name,
            @RequestParam("api-version") String apiVersion,
            @Body ObjectNode body,
            CallerIdentity caller) {
        reader.checkName(name, apiVersion, body);
        OperationId operation = ComputeOperations.fresh();
        Target written = edits.put(workspace, name, body, caller, operation);
        return operations
                .begun(ResponseEntity.status(201), workspace, operation, apiVersion)
                .body(View2018.in(apiVersion, view.creating(workspace, written)));
    }

    @PatchMapping(COMPUTE)
    ResponseEntity<ObjectNode> patch(
            Workspace workspace,
            @PathVariable String name,
            @RequestParam("api-version") String apiVersion,
            @Body ObjectNode body) {
        OperationId operation = ComputeOperations.fresh();
        edits.edit(workspace, name, operation, stored -> ComputePatch.apply(stored, body));
        return operations
                .begun(ResponseEntity.ok(), workspace, operation, apiVersion)
                .body(get(workspace, name, apiVersion));
    }

    /** Deleting what is not there is 204, which every client takes silently (clients.md 1.3). */
    @DeleteMapping(COMPUTE)
    ResponseEntity<ObjectNode> delete(
            Workspace workspace,
            @PathVariable String name,
            @RequestParam("api-version") String apiVersion,
            @RequestParam(name = "underlyingResourceAction", required = false) @Nullable String asked) {
        Optional<Target> target = loop.state().target(new TargetId(workspace.id(), name));
        boolean attached =
                target.filter(known -> kinds.of(known).attached(known)).isPresent();
        String action = asked == null ? View2018.deletion(apiVersion, attached) : asked;
        if (!action.equalsIgnoreCase("delete") && !action.equalsIgnoreCase("detach")) {
            throw new AzureException(Errors.invalidParameter("underlyingResourceAction", "it is Delete or Detach."));
        }
        if (target.isEmpty()) {
            return ResponseEntity.noContent().build();
        }
        requireSuited(action, attached, target.get());
        Operation operation =
                commands.execute(new Command.DeleteTarget(target.get().id(), ComputeOperations.fresh()));
        return operations
                .begun(ResponseEntity.accepted(), workspace, operation.id(), apiVersion)
                .build();
    }

    /** What is attached is not ours to delete, and what was made here is not left behind (azureml-core, delete). */
    private static void requireSuited(String action, boolean attached, Target target) {
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
        return power(Power.START, workspace, name, apiVersion);
    }

    @PostMapping(COMPUTE + "/stop")
    ResponseEntity<Void> stop(
            Workspace workspace, @PathVariable String name, @RequestParam("api-version") String apiVersion) {
        return power(Power.STOP, workspace, name, apiVersion);
    }

    @PostMapping(COMPUTE + "/restart")
    ResponseEntity<Void> restart(
            Workspace workspace, @PathVariable String name, @RequestParam("api-version") String apiVersion) {
        return power(Power.RESTART, workspace, name, apiVersion);
    }

    private ResponseEntity<Void> power(Power power, Workspace workspace, String name, String apiVersion) {
        Target target = require(loop.state(), workspace, name);
        Operation operation = commands.execute(kinds.of(target).power(power, target, ComputeOperations.fresh()));
        return operations
                .begun(
                        apiVersion.equals(POWER_AT_ONCE) ? ResponseEntity.ok() : ResponseEntity.accepted(),
                        workspace,
                        operation.id(),
                        apiVersion)
                .build();
    }

    @PostMapping(COMPUTE + "/enableSso")
    void signOn(Workspace workspace, @PathVariable String name, @Body ObjectNode body) {
        Target target = require(loop.state(), workspace, name);
        kinds.of(target).requireSignOn(target);
        JsonNode wanted = Json.member(body, "enableSSO");
        if (!wanted.isBoolean()) {
            throw new AzureException(Errors.invalidParameter("enableSSO", "true or false is expected."));
        }
        edits.edit(workspace, name, ComputeOperations.fresh(), stored -> {
            ComputeReader.inner(stored).set("enableSSO", wanted);
            return stored;
        });
    }

    @PostMapping(WorkspaceRef.PATH + "/checkComputeNameAvailability")
    ObjectNode checkName(Workspace workspace, @Body ObjectNode body) {
        String name = Json.string(body, "name")
                .orElseThrow(() -> new AzureException(Errors.invalidParameter("name", "it is required.")));
        boolean instance = Json.string(body, "type").orElse("").endsWith("DataScienceInstance");
        if (instance && !ComputeInstanceWire.NAME.matcher(name).matches()) {
            return availability("Invalid", ComputeInstanceWire.BAD_NAME);
        }
        State state = loop.state();
        boolean taken = state.target(new TargetId(workspace.id(), name)).isPresent()
                || (instance && state.instanceNamed(name, workspace.location()).isPresent());
        return taken
                ? availability(
                        "AlreadyExists",
                        "The specified name %s is already in use and is therefore unavailable".formatted(name))
                : availability(null, null);
    }

    private static ObjectNode availability(@Nullable String reason, @Nullable String message) {
        return Json.object()
                .put("nameAvailable", reason == null)
                .put("reason", reason)
                .put("message", message);
    }

    private static Target require(State state, Workspace workspace, String name) {
        return ComputeEdits.require(state, workspace, name);
    }
}
