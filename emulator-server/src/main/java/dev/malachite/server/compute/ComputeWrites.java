package dev.malachite.server.compute;

import dev.malachite.engine.Command;
import dev.malachite.engine.OperationId;
import dev.malachite.engine.QuotaScope;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.runtime.Runtimes;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Regions;
import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Makes computes and changes them: what a client wants is laid over what is there, again when somebody else was quicker. */
@Component
class ComputeWrites {

    private static final int ATTEMPTS = 5;

    private final Commands commands;
    private final ControlLoop loop;
    private final ComputeReader reader;
    private final Runtimes runtimes;

    ComputeWrites(Commands commands, ControlLoop loop, ComputeReader reader, Runtimes runtimes) {
        this.commands = commands;
        this.loop = loop;
        this.reader = reader;
        this.runtimes = runtimes;
    }

    /** As PUT: all of it is said, but for what cannot be changed and what is secret. */
    Target put(Workspace workspace, String name, ObjectNode body, OperationId operation) {
        TargetId id = new TargetId(workspace.id(), name);
        return retried(() -> loop.state()
                .target(id)
                .map(known -> changed(workspace, known, body, operation))
                .orElseGet(() -> made(workspace, id, name, body, operation)));
    }

    /** As PATCH of a compute that is there. */
    Target patch(Workspace workspace, Supplier<Target> there, ObjectNode body, OperationId operation) {
        return retried(() -> {
            Target known = there.get();
            return changed(workspace, known, ComputePatch.apply(Json.parse(known.document()), body), operation);
        });
    }

    private Target made(Workspace workspace, TargetId id, String name, ObjectNode body, OperationId operation) {
        ObjectNode resource = located(workspace, body);
        return commands.execute(new Command.PutTarget(
                        id,
                        name,
                        reader.read(workspace, resource),
                        new QuotaScope(workspace.ref().subscription(), workspace.location()),
                        reader.kept(resource, id),
                        runtimes.preferred(),
                        operation,
                        Optional.empty()))
                .target();
    }

    private Target changed(Workspace workspace, Target known, ObjectNode wanted, OperationId operation) {
        ObjectNode resource = reader.update(known, located(workspace, wanted));
        return commands.execute(new Command.PutTarget(
                        known.id(),
                        known.displayName(),
                        reader.read(workspace, resource),
                        known.scope(),
                        reader.kept(resource, known.id()),
                        known.runtime(),
                        operation,
                        Optional.of(known.modifiedOn())))
                .target();
    }

    /** The service's own spelling of the region; that of the workspace where none is said. */
    private static ObjectNode located(Workspace workspace, ObjectNode body) {
        return body.deepCopy()
                .put(
                        "location",
                        Json.string(body, "location")
                                .filter(location -> !location.isBlank())
                                .map(Regions::canonical)
                                .orElse(workspace.location()));
    }

    private static <T> T retried(Supplier<T> attempt) {
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
}
