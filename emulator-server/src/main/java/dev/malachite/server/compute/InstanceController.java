package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.Operation;
import dev.malachite.engine.Target;
import dev.malachite.engine.VmSize;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What only compute instances can be asked for beside their power: parts of their settings, and another size. Most of it
 * is in preview api-versions only (service-facts.md 2, operations).
 */
@RestController
class InstanceController {

    private static final String COMPUTE = WorkspaceRef.PATH + "/computes/{name}";

    private final Commands commands;
    private final ControlLoop loop;
    private final ComputeEdits edits;
    private final ComputeReader reader;
    private final ComputeInstanceWire wire;
    private final ComputeOperations operations;
    private final InstancePayloadReader payloads;
    private final VmSizes sizes;

    InstanceController(
            Commands commands,
            ControlLoop loop,
            ComputeEdits edits,
            ComputeReader reader,
            ComputeInstanceWire wire,
            ComputeOperations operations,
            InstancePayloadReader payloads,
            VmSizes sizes) {
        this.commands = commands;
        this.loop = loop;
        this.edits = edits;
        this.reader = reader;
        this.wire = wire;
        this.operations = operations;
        this.payloads = payloads;
        this.sizes = sizes;
    }

    @PostMapping(COMPUTE + "/updateIdleShutdownSetting")
    void idle(Workspace workspace, @PathVariable String name, @Body ObjectNode body) {
        JsonNode wanted = Json.member(body, "idleTimeBeforeShutdown");
        ComputeInstanceWire.idle(wanted);
        edit(workspace, name, inner -> inner.set("idleTimeBeforeShutdown", wanted.isMissingNode() ? null : wanted));
    }

    /** The body is the list of services itself. */
    @PostMapping(COMPUTE + "/customServices")
    void services(Workspace workspace, @PathVariable String name, @Body ArrayNode body) {
        edit(workspace, name, inner -> inner.set("customServices", body));
    }

    /** The body is the list of mounts itself; they are kept and shown. */
    @PostMapping(COMPUTE + "/updateDataMounts")
    void mounts(Workspace workspace, @PathVariable String name, @Body ArrayNode body) {
        edit(workspace, name, inner -> inner.set("dataMounts", body));
    }

    @PostMapping(COMPUTE + "/updateSchedules")
    void schedules(Workspace workspace, @PathVariable String name, @Body ObjectNode body) {
        JsonNode named = Json.member(body, "schedules");
        JsonNode wanted = named.isMissingNode() ? body : named;
        // What names none leaves none.
        edit(workspace, name, inner -> inner.set("schedules", wanted.isEmpty() ? null : wanted));
    }

    @PostMapping(COMPUTE + "/resize")
    ResponseEntity<Void> resize(
            Workspace workspace,
            @PathVariable String name,
            @RequestParam("api-version") String apiVersion,
            @Body ObjectNode body) {
        Target target = require(workspace, name);
        String wanted = Json.string(body, "targetVMSize")
                .orElseThrow(() -> new AzureException(Errors.invalidParameter("targetVMSize", "it is required.")));
        VmSize size = wire.size(wanted, target.scope().location());
        ObjectNode document = Json.parse(target.document());
        ComputeReader.inner(document).put("vmSize", size.name());
        Operation operation = commands.execute(new Command.ResizeInstance(
                target.id(), size, reader.kept(document, target.id()), ComputeOperations.fresh()));
        return operations
                .begun(ResponseEntity.accepted(), workspace, operation.id(), apiVersion)
                .build();
    }

    /** Those of the same make: none with GPUs becomes one without, or the other way round. */
    @PostMapping(COMPUTE + "/getAllowedVmSizesForResize")
    ObjectNode sizes(Workspace workspace, @PathVariable String name) {
        Target target = require(workspace, name);
        boolean gpus = target.size().gpus() > 0;
        ObjectNode list = Json.object();
        list.set("value", sizes.forInstances(target.scope().location(), size -> (size.gpus() > 0) == gpus));
        return list;
    }

    /** What the setup scripts have printed so far, of whatever encoding it is. */
    @GetMapping("/_emulator/instances/{workspaceId}/{name}/log")
    ResponseEntity<Resource> log(@PathVariable String workspaceId, @PathVariable String name) {
        Optional<Path> output = loop.state().instances().stream()
                .map(instance -> instance.id())
                .filter(id ->
                        id.workspace().value().equals(workspaceId) && id.name().equalsIgnoreCase(name))
                .findFirst()
                .flatMap(payloads::output);
        if (output.isEmpty()) {
            throw new AzureException(Errors.notFound("A log of instance '%s'".formatted(name)));
        }
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                .body(new FileSystemResource(output.get()));
    }

    private void edit(Workspace workspace, String name, Consumer<ObjectNode> change) {
        require(workspace, name);
        edits.edit(workspace, name, ComputeOperations.fresh(), document -> {
            change.accept(ComputeReader.inner(document));
            return document;
        });
    }

    private Target require(Workspace workspace, String name) {
        Target target = ComputeEdits.require(loop.state(), workspace, name);
        if (!target.workplace()) {
            throw new AzureException(Errors.userError(
                    "Compute '%s' is no compute instance: this is not supported for it.".formatted(name)));
        }
        return target;
    }
}
