package dev.malachite.server.identity;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.Locale;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What a run token is good for: its own workspace's data plane, and there its own run and the children of it. */
@Component
class RunTokenRules {

    private final ObjectProvider<RunLineage> lineage;

    RunTokenRules(ObjectProvider<RunLineage> lineage) {
        this.lineage = lineage;
    }

    /** Why the run may not do this; empty when it may. */
    Optional<AzureError> refuse(RunIdentity run, String method, Route route) {
        if (route.kind() != Route.Kind.DATA_PLANE) {
            return Optional.of(Errors.forbidden("A run token is good for its own workspace's data plane only."));
        }
        Optional<WorkspaceRef> workspace = route.workspace();
        if (workspace.isEmpty() || !run.isIn(workspace.get())) {
            return Optional.of(
                    Errors.forbidden("The run token of '%s' belongs to another workspace.".formatted(run.runId())));
        }
        return route.run()
                .filter(other -> !mayTouch(run, method, other))
                .map(other -> Errors.forbidden(
                        "The token of run '%s' is not good for run '%s'.".formatted(run.runId(), other)));
    }

    private boolean mayTouch(RunIdentity own, String method, String other) {
        String mine = own.runId();
        if (other.equalsIgnoreCase(mine)
                || other.toLowerCase(Locale.ROOT).startsWith(mine.toLowerCase(Locale.ROOT) + "_")) {
            return true;
        }
        RunLineage runs = lineage.getIfAvailable();
        if (runs == null) {
            return false;
        }
        if (runs.descends(own.workspace(), other, mine)) {
            return true;
        }
        return switch (method) {
            // An SDK makes a child by a PATCH of an id of its own choice.
            case "PATCH" -> !runs.exists(own.workspace(), other);
            // Run.parent reads upwards.
            case "GET" -> runs.descends(own.workspace(), mine, other);
            default -> false;
        };
    }
}
