package dev.malachite.server.mlflow;

import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Which datasets a run has read, and which logged models it has used or made. */
@Component
class RunInputs {

    private static final int MAX_NAME = 500;
    private static final int MAX_DIGEST = 36;
    private static final int MAX_DOCUMENT = 1_000_000;

    /** Of one run. */
    private static final int MOST = 2_000;

    private final JdbcClient jdbc;
    private final Transactions transactions;

    RunInputs(JdbcClient jdbc, Transactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** A dataset as received, with the tags that say what it was for. */
    record DatasetInput(String name, String digest, Optional<String> context, ObjectNode document) {

        static DatasetInput read(Asked asked) {
            ObjectNode dataset = Json.objectAt(asked.message(), "dataset");
            Asked inner = new Asked(dataset, asked.path() + "dataset.");
            String name = limited(inner, "name", MAX_NAME);
            String digest = limited(inner, "digest", MAX_DIGEST);
            Optional<String> context = Optional.empty();
            for (Asked tag : asked.messages("tags")) {
                if (tag.require("key").equals("mlflow.data.context")) {
                    context = Optional.of(limited(tag, "value", MAX_NAME));
                }
            }
            ObjectNode document = Json.object();
            document.set(
                    "tags",
                    asked.message().path("tags").isArray() ? asked.message().path("tags") : Json.array());
            document.set("dataset", dataset);
            if (Json.text(document).length() > MAX_DOCUMENT) {
                throw MlflowErrors.invalid("Dataset '%s' is longer than %d characters.".formatted(name, MAX_DOCUMENT));
            }
            return new DatasetInput(name, digest, context, document);
        }

        private static String limited(Asked asked, String name, int most) {
            String text = asked.require(name);
            if (text.length() > most) {
                throw MlflowErrors.invalid(
                        "'%s%s' exceeds the maximum length of %d characters.".formatted(asked.path(), name, most));
            }
            return text;
        }
    }

    /** A logged model that a run has used or made. */
    record Model(String id, boolean output, long step) {}

    /** What a run has read and made. */
    record Of(List<ObjectNode> datasets, List<Model> models) {

        static final Of NOTHING = new Of(List.of(), List.of());
    }

    /** All or nothing; what is there already stays as it is. */
    void log(JobId run, List<DatasetInput> datasets, List<Model> models) {
        transactions.write(() -> {
            for (DatasetInput dataset : datasets) {
                if (count(
                                "run_dataset",
                                run,
                                " and name = :name and digest = :digest",
                                Map.of("name", dataset.name(), "digest", dataset.digest()))
                        == 0) {
                    jdbc.sql("""
                            insert into run_dataset (workspace_id, run_id, name, digest, context, document)
                            values (:workspace, :run, :name, :digest, :context, :document)
                            """)
                            .param("workspace", run.workspace().value())
                            .param("run", run.run())
                            .param("name", dataset.name())
                            .param("digest", dataset.digest())
                            .param("context", dataset.context().orElse(null))
                            .param("document", Json.text(dataset.document()))
                            .update();
                }
            }
            for (Model model : models) {
                if (count(
                                "run_model",
                                run,
                                " and output = :output and model_id = :model",
                                Map.of("output", model.output(), "model", model.id()))
                        == 0) {
                    jdbc.sql("""
                            insert into run_model (workspace_id, run_id, output, model_id, step)
                            values (:workspace, :run, :output, :model, :step)
                            """)
                            .param("workspace", run.workspace().value())
                            .param("run", run.run())
                            .param("output", model.output())
                            .param("model", model.id())
                            .param("step", model.step())
                            .update();
                }
            }
            if (count("run_dataset", run, "", Map.of()) > MOST || count("run_model", run, "", Map.of()) > MOST) {
                throw MlflowErrors.invalid("A run has at most %d datasets and %d models.".formatted(MOST, MOST));
            }
            return true;
        });
    }

    private long count(String table, JobId run, String more, Map<String, ?> values) {
        return jdbc.sql("select count(*) from " + table + " where workspace_id = :workspace and run_id = :run" + more)
                .param("workspace", run.workspace().value())
                .param("run", run.run())
                .params(values)
                .query(Long.class)
                .single();
    }

    /** By run id. */
    Map<String, Of> of(WorkspaceId workspace, Collection<String> runs) {
        if (runs.isEmpty()) {
            return Map.of();
        }
        return transactions.read(() -> {
            Map<String, Of> found = new HashMap<>();
            jdbc.sql("""
                    select run_id, document from run_dataset
                    where workspace_id = :workspace and run_id in (:runs) order by name, digest
                    """)
                    .param("workspace", workspace.value())
                    .param("runs", runs)
                    .query((rows, n) -> at(found, rows.getString(1)).datasets().add(Json.parse(rows.getString(2))))
                    .list();
            jdbc.sql("""
                    select run_id, model_id, output, step from run_model
                    where workspace_id = :workspace and run_id in (:runs) order by step, model_id
                    """)
                    .param("workspace", workspace.value())
                    .param("runs", runs)
                    .query((rows, n) -> at(found, rows.getString(1))
                            .models()
                            .add(new Model(rows.getString(2), rows.getBoolean(3), rows.getLong(4))))
                    .list();
            return found;
        });
    }

    private static Of at(Map<String, Of> found, String run) {
        return found.computeIfAbsent(run, any -> new Of(new ArrayList<>(), new ArrayList<>()));
    }
}
