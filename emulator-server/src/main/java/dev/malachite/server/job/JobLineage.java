package dev.malachite.server.job;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.identity.RunIdentity;
import dev.malachite.server.identity.RunLineage;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import dev.malachite.server.workspace.Workspaces;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Whose child a run is: a job's token opens its own run and those below it. */
@Component
class JobLineage implements RunLineage {

    /** Deeper families are not looked through. */
    private static final int GENERATIONS = 10;

    /** A script's last uploads come when its run has ended. */
    private static final Duration GRACE = Duration.ofMinutes(10);

    private final Workspaces workspaces;
    private final Runs runs;
    private final Clock clock;

    JobLineage(Workspaces workspaces, Runs runs, Clock clock) {
        this.workspaces = workspaces;
        this.runs = runs;
        this.clock = clock;
    }

    @Override
    public boolean isLive(RunIdentity run) {
        return id(run.workspace())
                .filter(run.workspaceId()::equals)
                .flatMap(id -> runs.find(id, run.runId()))
                .filter(view -> !view.isFinal()
                        || view.ended()
                                .filter(end -> clock.instant().isBefore(end.plus(GRACE)))
                                .isPresent())
                .isPresent();
    }

    @Override
    public boolean exists(WorkspaceRef workspace, String run) {
        return id(workspace).flatMap(id -> runs.find(id, run)).isPresent();
    }

    @Override
    public boolean descends(WorkspaceRef workspace, String run, String ancestor) {
        Optional<WorkspaceId> id = id(workspace);
        Optional<RunView> current = id.flatMap(found -> runs.find(found, run));
        for (int i = 0; i < GENERATIONS && current.isPresent(); i++) {
            Optional<String> parent = current.get().parent();
            if (parent.equals(Optional.of(ancestor))) {
                return true;
            }
            current = parent.flatMap(above -> runs.find(id.orElseThrow(), above));
        }
        return false;
    }

    private Optional<WorkspaceId> id(WorkspaceRef workspace) {
        return workspaces.find(workspace).map(Workspace::id);
    }
}
