package dev.malachite.server.job;

import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.event.EventLog;
import dev.malachite.server.identity.RunIdentity;
import dev.malachite.server.identity.RunLineage;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import dev.malachite.server.workspace.Workspaces;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Whose child a run is: a job's token opens its own run and those below it. */
@Component
class JobLineage implements RunLineage {

    /** Deeper families are not looked through. */
    private static final int GENERATIONS = 10;

    /** A script's last uploads come when its run has ended. */
    private static final Duration GRACE = Duration.ofMinutes(10);

    private static final int ENDS_KEPT = 10_000;

    private static final Set<String> ENDS = Set.of("job.completed", "job.failed", "job.canceled");

    private final Workspaces workspaces;
    private final Runs runs;
    private final Clock clock;

    /** When jobs have ended in real time, in which tokens live: a test may turn the clock right after a job's end. */
    private final Map<JobId, Instant> ends = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Instant> eldest) {
            return size() > ENDS_KEPT;
        }
    };

    JobLineage(Workspaces workspaces, Runs runs, Clock clock, EventLog events) {
        this.workspaces = workspaces;
        this.runs = runs;
        this.clock = clock;
        events.listen(this::happened);
    }

    private void happened(EventLog.Entry entry) {
        if (ENDS.contains(entry.event().type())) {
            synchronized (ends) {
                entry.event()
                        .job()
                        .ifPresent(job -> ends.put(job, InstantSource.system().instant()));
            }
        }
    }

    /** Of an end that this process has not seen only the emulator's time is known. */
    private boolean isRecent(RunView ended) {
        Instant real;
        synchronized (ends) {
            real = ends.get(ended.id());
        }
        return real == null
                ? ended.ended()
                        .filter(end -> clock.instant().isBefore(end.plus(GRACE)))
                        .isPresent()
                : InstantSource.system().instant().isBefore(real.plus(GRACE));
    }

    @Override
    public boolean isLive(RunIdentity run) {
        return id(run.workspace())
                .filter(run.workspaceId()::equals)
                .flatMap(id -> runs.find(id, run.runId()))
                .filter(view -> !view.isFinal() || isRecent(view))
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
