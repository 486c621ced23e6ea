package dev.malachite.server.run;

import dev.malachite.api.Errors;
import dev.malachite.server.experiment.Experiment;
import dev.malachite.server.experiment.Experiments;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Finds what a run history path names: the same routes stand below an experiment's name, its id, and the workspace. */
@Component
class RunAddress {

    static final String WORKSPACE = "/history/v1.0" + WorkspaceRef.PATH;
    static final String BY_NAME = WORKSPACE + "/experiments/{experiment}";
    static final String BY_ID = WORKSPACE + "/experimentids/{experimentId}";

    private final Runs runs;
    private final Experiments experiments;

    RunAddress(Runs runs, Experiments experiments) {
        this.runs = runs;
        this.experiments = experiments;
    }

    /** The run, or Azure's 404; a run of another experiment is not found either. */
    RunView run(Workspace workspace, Map<String, String> path) {
        String runId = path.getOrDefault("run", "");
        return runs.find(workspace.id(), runId)
                .filter(run -> path.getOrDefault("experiment", run.experiment()).equals(run.experiment())
                        && path.getOrDefault("experimentId", run.experimentId()).equals(run.experimentId()))
                .orElseThrow(() -> new AzureException(Errors.notFound("Run '" + runId + "'")));
    }

    /** The experiment that the path names, which may be new; empty when it names none. */
    Optional<String> experimentName(Workspace workspace, Map<String, String> path) {
        String id = path.get("experimentId");
        if (id != null) {
            return Optional.of(experiments
                    .findById(workspace.id(), id)
                    .map(Experiment::name)
                    .orElseThrow(() -> new AzureException(Errors.notFound("Experiment '" + id + "'"))));
        }
        return Optional.ofNullable(path.get("experiment"));
    }
}
