package dev.malachite.server.mlflow;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Transactions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Names that MLflow's registry gives to versions of models. */
@Component
class ModelAliases {

    /** Of one model. */
    private static final int MOST = 100;

    private final JdbcClient jdbc;
    private final Transactions transactions;

    ModelAliases(JdbcClient jdbc, Transactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** Versions by alias. */
    Map<String, String> of(WorkspaceId workspace, String model) {
        return transactions.read(() -> read(workspace, model));
    }

    Optional<String> find(WorkspaceId workspace, String model, String alias) {
        return Optional.ofNullable(of(workspace, model).get(alias));
    }

    void set(WorkspaceId workspace, String model, String alias, String version) {
        transactions.write(() -> {
            delete(workspace, model, "alias", alias);
            if (read(workspace, model).size() >= MOST) {
                throw MlflowErrors.invalid("A model has at most %d aliases.".formatted(MOST));
            }
            return jdbc.sql("insert into model_alias (workspace_id, name, alias, version)"
                            + " values (:workspace, :model, :alias, :version)")
                    .param("workspace", workspace.value())
                    .param("model", model)
                    .param("alias", alias)
                    .param("version", version)
                    .update();
        });
    }

    void remove(WorkspaceId workspace, String model, String alias) {
        transactions.write(() -> delete(workspace, model, "alias", alias));
    }

    /** Those of a version that goes. */
    void removeVersion(WorkspaceId workspace, String model, String version) {
        transactions.write(() -> delete(workspace, model, "version", version));
    }

    private int delete(WorkspaceId workspace, String model, String column, String value) {
        return jdbc.sql("delete from model_alias where workspace_id = :workspace and name = :model and " + column
                        + " = :value")
                .param("workspace", workspace.value())
                .param("model", model)
                .param("value", value)
                .update();
    }

    private Map<String, String> read(WorkspaceId workspace, String model) {
        Map<String, String> found = new TreeMap<>();
        jdbc.sql("select alias, version from model_alias where workspace_id = :workspace and name = :model")
                .param("workspace", workspace.value())
                .param("model", model)
                .query((rows, n) -> found.put(rows.getString(1), rows.getString(2)))
                .list();
        return found;
    }
}
