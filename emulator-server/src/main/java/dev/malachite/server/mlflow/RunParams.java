package dev.malachite.server.mlflow;

import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Transactions;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The params of runs: written once, then never changed. */
@Component
class RunParams {

    /** Of one run; MLflow knows no such limit, but a run's page must stay readable. */
    private static final int MOST = 5_000;

    private final JdbcClient jdbc;
    private final Transactions transactions;

    RunParams(JdbcClient jdbc, Transactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** All or nothing; the same value again is no error, as clients repeat what they got no answer for. */
    void log(JobId run, Map<String, String> params) {
        if (params.isEmpty()) {
            return;
        }
        transactions.write(() -> {
            Map<String, String> there =
                    read(run.workspace(), List.of(run.run())).getOrDefault(run.run(), Map.of());
            params.forEach((name, value) -> {
                String before = there.get(name);
                if (before != null && !before.equals(value)) {
                    throw MlflowErrors.invalid(
                            ("Changing param values is not allowed. Param with key='%s' was already logged with"
                                            + " value='%s' for run ID='%s'. Attempted logging new value '%s'.")
                                    .formatted(name, before, run.run(), value));
                }
            });
            List<Map.Entry<String, String>> fresh = params.entrySet().stream()
                    .filter(param -> !there.containsKey(param.getKey()))
                    .toList();
            if (there.size() + fresh.size() > MOST) {
                throw MlflowErrors.invalid("The run would have %d params; at most %d are allowed."
                        .formatted(there.size() + fresh.size(), MOST));
            }
            fresh.forEach(param -> jdbc.sql("""
                                    insert into run_param (workspace_id, run_id, name, param_value)
                                    values (:workspace, :run, :name, :value)
                                    """)
                    .param("workspace", run.workspace().value())
                    .param("run", run.run())
                    .param("name", param.getKey())
                    .param("value", param.getValue())
                    .update());
            return true;
        });
    }

    /** By run id, each run's by name. */
    Map<String, Map<String, String>> of(WorkspaceId workspace, Collection<String> runs) {
        return runs.isEmpty() ? Map.of() : transactions.read(() -> read(workspace, runs));
    }

    private Map<String, Map<String, String>> read(WorkspaceId workspace, Collection<String> runs) {
        Map<String, Map<String, String>> found = new HashMap<>();
        jdbc.sql("""
                select run_id, name, param_value from run_param
                where workspace_id = :workspace and run_id in (:runs) order by name
                """)
                .param("workspace", workspace.value())
                .param("runs", runs)
                .query((rows, n) -> found.computeIfAbsent(rows.getString(1), run -> new LinkedHashMap<>())
                        .put(rows.getString(2), rows.getString(3)))
                .list();
        return found;
    }
}
