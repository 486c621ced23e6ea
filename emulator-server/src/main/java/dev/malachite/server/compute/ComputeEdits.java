package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.OperationId;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Changes a part of a compute resource, so that nobody's change of another part at the same moment is undone. */
@Component
class ComputeEdits {

    private static final int ATTEMPTS = 5;

    private final Commands commands;
    private final ControlLoop loop;
    private final ComputeReader reader;
    private final WireKinds kinds;

    ComputeEdits(Commands commands, ControlLoop loop, ComputeReader reader, WireKinds kinds) {
        this.commands = commands;
        this.loop = loop;
        this.reader = reader;
        this.kinds = kinds;
    }

    /** Lays the change over what is stored; {@code change} is called again when somebody else was quicker. */
    void edit(Workspace workspace, String name, OperationId operation, UnaryOperator<ObjectNode> change) {
        int attempts = ATTEMPTS;
        while (!edited(workspace, name, operation, change, --attempts > 0)) {
            // The change is laid over what the compute has become.
        }
    }

    /** False when the compute was changed at the same moment and another attempt is allowed. */
    private boolean edited(
            Workspace workspace, String name, OperationId operation, UnaryOperator<ObjectNode> change, boolean again) {
        Target known = require(loop.state(), workspace, name);
        ObjectNode changed = change.apply(Json.parse(known.document()));
        try {
            Target target = commands.execute(new Command.PutTarget(
                            known.id(),
                            known.displayName(),
                            reader.read(workspace, changed),
                            known.scope(),
                            reader.kept(changed),
                            known.runtime(),
                            operation,
                            Optional.of(known.modifiedOn())))
                    .target();
            kinds.of(target).changed(target);
            return true;
        } catch (AzureException e) {
            if (e.error().status() == HttpStatus.CONFLICT.value() && again) {
                return false;
            }
            throw e;
        }
    }

    /** The target, or Azure's error. */
    static Target require(State state, Workspace workspace, String name) {
        return state.target(new TargetId(workspace.id(), name))
                .orElseThrow(() -> new AzureException(
                        Errors.notFound("Compute '%s' in workspace '%s'".formatted(name, workspace.name()))));
    }
}
