package dev.malachite.server.control;

import dev.malachite.api.Errors;
import dev.malachite.engine.Job;
import dev.malachite.engine.State;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.loop.EmulatorClock;
import dev.malachite.server.run.RunExecutions;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspaces;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Looks inside the emulator. */
@RestController
@RequestMapping("/_emulator")
class ControlController {

    private final ControlLoop loop;
    private final EmulatorClock clock;
    private final Overview overview;
    private final Workspaces workspaces;
    private final Runs runs;
    private final RunExecutions executions;

    ControlController(
            ControlLoop loop,
            EmulatorClock clock,
            Overview overview,
            Workspaces workspaces,
            Runs runs,
            RunExecutions executions) {
        this.executions = executions;
        this.loop = loop;
        this.clock = clock;
        this.overview = overview;
        this.workspaces = workspaces;
        this.runs = runs;
    }

    @GetMapping("/overview")
    ObjectNode overview() {
        return overview.json();
    }

    /** Why a job waits, in one sentence; the workspace, by name or id, where several have a run of that id. */
    @GetMapping("/jobs/{run}/explain")
    ObjectNode explain(@PathVariable String run, @RequestParam(required = false) @Nullable String workspace) {
        State state = loop.state();
        return workspaces.all().stream()
                .filter(one -> workspace == null
                        || one.name().equalsIgnoreCase(workspace)
                        || one.id().value().equalsIgnoreCase(workspace))
                .flatMap(one -> runs.find(one.id(), run).stream())
                .findFirst()
                .map(found -> {
                    Job job = state.job(found.id()).orElse(null);
                    return job == null ? explain(found) : Overview.job(state, job, clock.instant());
                })
                .orElseThrow(() -> new AzureException(Errors.notFound("Job '%s'".formatted(run))));
    }

    /** What is on no node: a pipeline or a sweep, what has ended, and what others execute. */
    private ObjectNode explain(RunView run) {
        ObjectNode told = Json.object().put("runId", run.runId()).put("status", run.status());
        if (run.attempt() > 0) {
            told.put("attempt", run.attempt());
        }
        return told.put(
                "why",
                executions
                        .of(run.id())
                        .map(RunExecutions.Standing::why)
                        .orElse(run.executed() ? "It has ended." : "It is not executed here."));
    }
}
