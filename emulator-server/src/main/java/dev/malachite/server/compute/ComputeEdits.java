package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.OperationId;
import dev.malachite.engine.QuotaScope;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.runtime.Runtimes;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Regions;
import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Makes compute resources and changes them, so that nobody's change of another part at the same moment is undone. */
@Component
class ComputeEdits {

    private static final int ATTEMPTS = 5;

    private final Commands commands;
    private final ControlLoop loop;
    private final ComputeReader reader;
    private final WireKinds kinds;
    private final Runtimes runtimes;

    ComputeEdits(Commands commands, ControlLoop loop, ComputeReader reader, WireKinds kinds, Runtimes runtimes) {
        this.runtimes = runtimes;
        this.commands = commands;
        this.loop = loop;
        this.reader = reader;
        this.kinds = kinds;
    }

    /** As PUT: all of it is said, but for what cannot be changed and what is secret. */
    Target put(Workspace workspace, String name, ObjectNode body, CallerIdentity caller, OperationId operation) {
        TargetId id = new TargetId(workspace.id(), name);
        ObjectNode resource = located(workspace, body);
        return retried(() -> {
            Optional<Target> known = loop.state().target(id);
            ObjectNode wanted =
                    known.map(target -> reader.update(target, resource)).orElse(resource);
            return write(workspace, id, name, known, wanted, reader.completed(wanted, known, caller), operation);
        });
    }

    /** Lays the change over what is stored; {@code change} is called again when somebody else was quicker. */
    void edit(Workspace workspace, String name, OperationId operation, UnaryOperator<ObjectNode> change) {
        retried(() -> {
            Target known = require(loop.state(), workspace, name);
            ObjectNode changed = reader.update(known, located(workspace, change.apply(Json.parse(known.document()))));
            return write(workspace, known.id(), known.displayName(), Optional.of(known), changed, changed, operation);
        });
    }

    private Target write(
            Workspace workspace,
            TargetId id,
            String name,
            Optional<Target> known,
            ObjectNode wanted,
            ObjectNode completed,
            OperationId operation) {
        ComputeKind kind = reader.read(workspace, wanted);
        Target target = commands.execute(new Command.PutTarget(
                        id,
                        name,
                        kind,
                        known.map(Target::scope)
                                .orElseGet(() -> new QuotaScope(workspace.ref().subscription(), workspace.location())),
                        reader.kept(completed, id),
                        known.map(Target::runtime).orElseGet(() -> runtime(kind)),
                        operation,
                        known.map(Target::modifiedOn)))
                .target();
        kinds.of(target).changed(target);
        return target;
    }

    private RuntimeKind runtime(ComputeKind kind) {
        return kind instanceof ComputeKind.VirtualMachine ? RuntimeKind.SSH : runtimes.preferred();
    }

    /** With the service's own spelling of the region; that of the workspace where none is said. */
    private static ObjectNode located(Workspace workspace, ObjectNode resource) {
        return resource.deepCopy()
                .put(
                        "location",
                        Json.string(resource, "location")
                                .filter(location -> !location.isBlank())
                                .map(Regions::canonical)
                                .orElse(workspace.location()));
    }

    private static Target retried(Supplier<Target> attempt) {
        for (int left = ATTEMPTS; ; left--) {
            try {
                return attempt.get();
            } catch (AzureException e) {
                if (e.error().status() != HttpStatus.CONFLICT.value() || left == 1) {
                    throw e;
                }
            }
        }
    }

    /** The target, or Azure's error. */
    static Target require(State state, Workspace workspace, String name) {
        return state.target(new TargetId(workspace.id(), name))
                .orElseThrow(() -> new AzureException(
                        Errors.notFound("Compute '%s' in workspace '%s'".formatted(name, workspace.name()))));
    }
}
