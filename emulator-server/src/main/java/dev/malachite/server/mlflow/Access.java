package dev.malachite.server.mlflow;

import dev.malachite.server.experiment.Experiment;
import dev.malachite.server.experiment.Experiments;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.identity.RunIdentity;
import dev.malachite.server.identity.RunScope;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.workspace.Workspace;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Finds the run or the experiment that a message names, for callers who may do with it what they want: a job changes its own runs only. */
@Component
class Access {

    /** What MLflow's client asks for when nobody has named an experiment. */
    private static final String DEFAULT_ID = "0";

    private static final String DEFAULT_NAME = "Default";

    private final Runs runs;
    private final Experiments experiments;
    private final RunScope scope;

    Access(Runs runs, Experiments experiments, RunScope scope) {
        this.runs = runs;
        this.experiments = experiments;
        this.scope = scope;
    }

    RunView readable(Workspace workspace, String run) {
        return runs.find(workspace.id(), run).orElseThrow(() -> MlflowErrors.noRun(run));
    }

    RunView writable(Workspace workspace, String run) {
        scope.requireWritable(run);
        return readable(workspace, run);
    }

    /** Writable, and neither archived nor in an archived experiment. */
    RunView active(Workspace workspace, String run) {
        RunView found = writable(workspace, run);
        if (found.hidden()) {
            throw MlflowErrors.invalid(
                    "The run %s must be in the 'active' state. Current state is deleted.".formatted(run));
        }
        return found;
    }

    /** Ends the request of a job that may not change this run. */
    void requireWritable(String run) {
        scope.requireWritable(run);
    }

    /** The run whose job calls; empty for a person. */
    Optional<String> job() {
        return CallerIdentity.current().run().map(RunIdentity::runId);
    }

    /** Ends the request of a job. */
    void requirePerson(String what) {
        scope.requirePerson(what);
    }

    Optional<RunView> found(Workspace workspace, String run) {
        return runs.find(workspace.id(), run);
    }

    Experiment experiment(Workspace workspace, String id) {
        if (id.equals(DEFAULT_ID)) {
            return experiments.create(workspace.id(), DEFAULT_NAME);
        }
        return experiments
                .findById(workspace.id(), id)
                .orElseThrow(() -> MlflowErrors.missing("No Experiment with id=%s exists".formatted(id)));
    }

    Experiment active(Experiment experiment) {
        if (experiment.archived().isPresent()) {
            throw MlflowErrors.invalid("The experiment %s must be in the 'active' state. Current state is deleted."
                    .formatted(experiment.id()));
        }
        return experiment;
    }
}
