package dev.malachite.server.mlflow;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.artifact.RunFiles;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.workspace.Workspace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Logged models, which MLflow 3 makes of each {@code log_model}. */
@Component
class LoggedModels {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** Of one experiment; the newest are looked at. */
    private static final int SEARCHED = 10_000;

    private static final String COLUMNS =
            "model_id, experiment_id, name, model_type, source_run_id, owner, folder, status,"
                    + " created, updated, deleted, tags, params";

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Clock clock;
    private final Access access;

    LoggedModels(JdbcClient jdbc, Transactions transactions, Clock clock, Access access) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
        this.access = access;
    }

    /**
     * A logged model.
     *
     * @param owner the run whose job has made it, where it is of no run; empty for a person
     * @param folder among its run's files, or among its own where no run has made it
     * @param status one of MLflow's, without {@code LOGGED_MODEL_}: PENDING, READY, UPLOAD_FAILED
     * @param created in milliseconds since 1970
     */
    record Model(
            String id,
            String experimentId,
            String name,
            Optional<String> type,
            Optional<String> run,
            Optional<String> owner,
            String folder,
            String status,
            long created,
            long updated,
            boolean deleted,
            Attributes tags,
            Attributes params) {

        /** Models of a run lie among its files, where every SDK sees them. */
        RunFiles.Root root() {
            return run.map(RunFiles.Root::ofRun)
                    .orElseGet(() -> RunFiles.Root.upload(id))
                    .in(folder);
        }

        Model with(String newStatus, Attributes newTags, Attributes newParams, boolean gone) {
            return new Model(
                    id,
                    experimentId,
                    name,
                    type,
                    run,
                    owner,
                    folder,
                    newStatus,
                    created,
                    updated,
                    gone,
                    newTags,
                    newParams);
        }
    }

    static String checkId(String id) {
        if (!ID.matcher(id).matches()) {
            throw MlflowErrors.invalid("Invalid model ID: it has 1 to 64 letters, digits, '_' and '-'.");
        }
        return id;
    }

    void make(WorkspaceId workspace, Model model) {
        transactions.write(() -> jdbc.sql("insert into logged_model (workspace_id, " + COLUMNS + ") values"
                        + " (:workspace, :id, :experiment, :name, :type, :run, :owner, :folder, :status, :now, :now, false,"
                        + " :tags, :params)")
                .param("workspace", workspace.value())
                .param("id", model.id())
                .param("experiment", model.experimentId())
                .param("name", model.name())
                .param("type", model.type().orElse(null))
                .param("run", model.run().orElse(null))
                .param("owner", model.owner().orElse(null))
                .param("folder", model.folder())
                .param("status", model.status())
                .param("now", clock.instant().toEpochMilli())
                .param("tags", text(model.tags()))
                .param("params", text(model.params()))
                .update());
    }

    /** Whether files of another model of the run lie in the folder. */
    boolean isTaken(WorkspaceId workspace, String run, String folder) {
        return transactions.read(() -> jdbc.sql("select count(*) from logged_model where workspace_id = :workspace"
                                + " and source_run_id = :run and folder = :folder")
                        .param("workspace", workspace.value())
                        .param("run", run)
                        .param("folder", folder)
                        .query(Long.class)
                        .single())
                > 0;
    }

    Model readable(Workspace workspace, String id) {
        Model model = find(workspace.id(), id).orElseThrow(() -> missing(id));
        model.run().ifPresent(run -> access.readable(workspace, run));
        return model;
    }

    Model change(Workspace workspace, String id, UnaryOperator<Model> change) {
        requireAuthor(find(workspace.id(), id).orElseThrow(() -> missing(id)));
        return transactions.write(() -> {
            Model before = read(workspace.id(), " and model_id = :id for update", Map.of("id", id)).stream()
                    .findFirst()
                    .orElseThrow(() -> missing(id));
            Model after = change.apply(before);
            jdbc.sql("update logged_model set status = :status, deleted = :deleted, tags = :tags, params = :params,"
                            + " updated = :now where workspace_id = :workspace and model_id = :id")
                    .param("status", after.status())
                    .param("deleted", after.deleted())
                    .param("tags", text(after.tags()))
                    .param("params", text(after.params()))
                    .param("now", clock.instant().toEpochMilli())
                    .param("workspace", workspace.id().value())
                    .param("id", id)
                    .update();
            return after;
        });
    }

    /** The newest first; deleted ones are not among them. */
    List<Model> of(WorkspaceId workspace, List<String> experiments) {
        return experiments.isEmpty()
                ? List.of()
                : transactions.read(() -> read(
                        workspace,
                        " and experiment_id in (:experiments) and not deleted order by created desc, model_id"
                                + " fetch first " + SEARCHED + " rows only",
                        Map.of("experiments", experiments)));
    }

    /** A job changes what its own runs have made, and no other model. */
    private void requireAuthor(Model model) {
        model.run()
                .or(model::owner)
                .ifPresentOrElse(
                        access::requireWritable,
                        () -> access.requirePerson("the model '%s', which is no run's".formatted(model.id())));
    }

    /** Where files lie that no run has written: those of a model without a run. */
    RunFiles.Root uploads(Workspace workspace, String id, boolean write) {
        if (write) {
            change(workspace, id, model -> model);
        }
        return readable(workspace, id).run().isPresent() ? nothing(id) : RunFiles.Root.upload(id);
    }

    private static RunFiles.Root nothing(String id) {
        throw missing(id);
    }

    Optional<Model> find(WorkspaceId workspace, String id) {
        return transactions.read(() -> read(workspace, " and model_id = :id", Map.of("id", id)).stream()
                .findFirst());
    }

    private List<Model> read(WorkspaceId workspace, String more, Map<String, ?> params) {
        return new ArrayList<>(
                jdbc.sql("select " + COLUMNS + " from logged_model where workspace_id = :workspace" + more)
                        .param("workspace", workspace.value())
                        .params(params)
                        .query((rows, n) -> model(rows))
                        .list());
    }

    private static Model model(ResultSet rows) throws SQLException {
        return new Model(
                rows.getString(1),
                rows.getString(2),
                rows.getString(3),
                Optional.ofNullable(rows.getString(4)),
                Optional.ofNullable(rows.getString(5)),
                Optional.ofNullable(rows.getString(6)),
                rows.getString(7),
                rows.getString(8),
                rows.getLong(9),
                rows.getLong(10),
                rows.getBoolean(11),
                Attributes.parse(rows.getString(12)),
                Attributes.parse(rows.getString(13)));
    }

    private static String text(Attributes attributes) {
        String text = attributes.text();
        if (text.length() > 1_000_000) {
            throw MlflowErrors.invalid("The model's tags or params have more than 1000000 characters.");
        }
        return text;
    }

    static RuntimeException missing(String id) {
        return MlflowErrors.missing("Logged model with ID '%s' not found.".formatted(id));
    }
}
