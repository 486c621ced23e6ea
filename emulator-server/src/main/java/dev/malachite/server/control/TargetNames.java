package dev.malachite.server.control;

import dev.malachite.api.Errors;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Fields;
import dev.malachite.server.workspace.Workspaces;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Finds the target that a body names by {@code target} and, where two workspaces have one of that name, {@code workspace}. */
@Component
class TargetNames {

    private final ControlLoop loop;
    private final Workspaces workspaces;

    TargetNames(ControlLoop loop, Workspaces workspaces) {
        this.loop = loop;
        this.workspaces = workspaces;
    }

    /** Empty when the body names none. */
    Optional<TargetId> find(Fields fields) {
        return fields.text("target").map(name -> find(name, fields.text("workspace")));
    }

    private TargetId find(String name, Optional<String> workspace) {
        List<TargetId> found = loop.state().targets().stream()
                .map(Target::id)
                .filter(id -> id.name().equalsIgnoreCase(name))
                .filter(id -> workspace.isEmpty() || isIn(id, workspace.get()))
                .toList();
        return switch (found.size()) {
            case 0 -> throw new AzureException(Errors.notFound("Compute '%s'".formatted(name)));
            case 1 -> found.getFirst();
            default ->
                throw new AzureException(Errors.invalidParameter(
                        "workspace",
                        "%d workspaces have a compute named '%s'; say which, by name or id."
                                .formatted(found.size(), name)));
        };
    }

    private boolean isIn(TargetId id, String workspace) {
        return id.workspace().value().equalsIgnoreCase(workspace)
                || workspaces
                        .find(id.workspace())
                        .filter(known -> known.name().equalsIgnoreCase(workspace))
                        .isPresent();
    }
}
