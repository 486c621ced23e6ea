package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import dev.malachite.server.artifact.Artifacts;
import dev.malachite.server.database.Transactions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Removes a run that has ended, with everything that is kept of it. */
@Service
public class RunRemoval {

    /** The run itself comes last: a removal that was cut short is found again. */
    private static final List<String> TABLES = List.of(
            "step_result",
            "run_param",
            "run_dataset",
            "run_model",
            "metric_last",
            "metric_point",
            "metric",
            "run_definition",
            "run_status",
            "run");

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Artifacts artifacts;
    private final Runs runs;

    RunRemoval(JdbcClient jdbc, Transactions transactions, Artifacts artifacts, Runs runs) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.artifacts = artifacts;
        this.runs = runs;
    }

    /** A job below it, at any depth, that has not ended: it would go on with nobody to know of it. */
    public Optional<RunView> unfinishedBelow(JobId run) {
        for (RunView child : runs.find(run.workspace(), children(run))) {
            Optional<RunView> found =
                    child.executed() && !child.isFinal() ? Optional.of(child) : unfinishedBelow(child.id());
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** With its children, which are nobody's without it: a later run of its name may have children of their names. */
    public void remove(JobId run) throws IOException {
        for (String child : children(run)) {
            remove(new JobId(run.workspace(), child));
        }
        artifacts.removeAll(run.workspace(), run.run());
        runs.settle();
        transactions.write(() -> {
            for (String table : TABLES) {
                jdbc.sql("delete from " + table + " where workspace_id = :workspace and run_id = :run")
                        .param("workspace", run.workspace().value())
                        .param("run", run.run())
                        .update();
            }
            return run;
        });
    }

    private List<String> children(JobId run) {
        return jdbc.sql("select run_id from run where workspace_id = :workspace and parent_run_id = :run")
                .param("workspace", run.workspace().value())
                .param("run", run.run())
                .query(String.class)
                .list();
    }
}
