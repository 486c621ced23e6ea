package dev.malachite.server.run;

import dev.malachite.api.Errors;
import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Row;
import dev.malachite.server.database.Table;
import dev.malachite.server.database.Times;
import dev.malachite.server.experiment.Experiments;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes what JPA may not: a run's birth and its status, in the caller's transaction. */
@Component
class RunWriter implements RunRecords {

    private static final Logger LOG = LoggerFactory.getLogger(RunWriter.class);

    /** Apart from the run itself, whose row is long and in five indexes: each of its rows changes several times. */
    static final String STATUS_TABLE = "run_status";

    /** What the engine's store writes of a run. */
    static final Table STATUS = new Table(
            STATUS_TABLE,
            List.of("workspace_id", "run_id"),
            List.of("status", "attempt", "started", "ended", "error"),
            true);

    private final JdbcClient jdbc;
    private final Experiments experiments;
    private final PlayedTags played;

    RunWriter(JdbcClient jdbc, Experiments experiments, PlayedTags played) {
        this.jdbc = jdbc;
        this.played = played;
        this.experiments = experiments;
    }

    @Override
    public void insert(RunSeed seed, Instant now) {
        NewRun run = new NewRun(seed.id(), seed.experiment(), seed.parent(), true, "NotStarted", seed.createdBy());
        insertion(run, now)
                .param("displayName", seed.displayName().orElse(null))
                .param("description", seed.description().orElse(null))
                .param("runType", seed.runType())
                .param("target", seed.target())
                .param("script", seed.script())
                .param("tags", new Attributes(new HashMap<>(seed.tags())).text())
                .param("properties", new Attributes(new HashMap<>(seed.properties())).text())
                .update();
        insertStatus(run);
        insertDefinition(seed.id(), Json.text(seed.definition()));
        played.born(seed);
    }

    @Override
    public boolean exists(JobId id) {
        return jdbc.sql("select 1 from run where workspace_id = :workspace and run_id = :run")
                .param("workspace", id.workspace().value())
                .param("run", id.run())
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    void insert(NewRun run, Instant now) {
        insertion(run, now)
                .param("displayName", null)
                .param("description", null)
                .param("runType", null)
                .param("target", null)
                .param("script", null)
                .param("tags", "{}")
                .param("properties", "{}")
                .update();
        insertStatus(run);
    }

    /** Without what only a submitted run begins with. */
    private JdbcClient.StatementSpec insertion(NewRun run, Instant now) {
        String experiment = experiments.ensure(run.id().workspace(), run.experiment(), now);
        return jdbc.sql("""
                insert into run (workspace_id, run_id, experiment_id, experiment_name, run_number, parent_run_id,
                    root_run_id, hidden, created, created_by, document, executed, display_name, description,
                    run_type, target, script, tags, properties)
                values (:workspace, :run, :experiment, :experimentName, :number, :parent,
                    :root, false, :created, :createdBy, '{}', :executed, :displayName, :description,
                    :runType, :target, :script, :tags, :properties)
                """)
                .param("workspace", run.id().workspace().value())
                .param("run", run.id().run())
                .param("experiment", experiment)
                .param("experimentName", run.experiment())
                .param("number", experiments.nextRunNumber(experiment))
                .param("parent", run.parent().orElse(null))
                .param("root", root(run))
                .param("created", Times.column(now))
                .param("createdBy", cut(run.createdBy(), RunLimits.NAME))
                .param("executed", run.executed());
    }

    @Override
    public Row row(
            JobId id,
            String status,
            int attempt,
            @Nullable Instant started,
            @Nullable Instant ended,
            @Nullable String error) {
        if (ended != null) {
            played.forget(id);
        }
        return new Row(STATUS)
                .addValue("workspace_id", id.workspace().value())
                .addValue("run_id", id.run())
                .addValue("status", status)
                .addValue("attempt", attempt)
                .addValue("started", started)
                .addValue("ended", ended)
                .addValue("error", error == null ? null : cut(error, RunLimits.ERROR));
    }

    /** The run was changed by others than the engine's store. */
    void changed(JobId run) {
        played.forget(run);
    }

    static Row statusKey(WorkspaceId workspace, String runId) {
        return new Row(STATUS).addValue("workspace_id", workspace.value()).addValue("run_id", runId);
    }

    /** The run as a row of {@link #STATUS} has it that may not be in its table yet. */
    static RunView moved(RunView run, Row status) {
        return run.moved(
                String.valueOf(status.value("status")),
                status.value("attempt") instanceof Integer attempt ? attempt : run.attempt(),
                time(status.value("started")),
                time(status.value("ended")),
                Optional.ofNullable(status.value("error")).map(String::valueOf));
    }

    private static Optional<Instant> time(@Nullable Object value) {
        return value instanceof Instant time ? Optional.of(time) : Optional.empty();
    }

    /** Moves a run that no engine executes; what has ended stays as it is. */
    RunView move(RunView run, String status, Optional<String> error, Instant now) {
        if (!RunStatus.isKnown(status)) {
            throw new AzureException(Errors.userError("'%s' is not a status of a run.".formatted(status)));
        }
        if (run.executed() || run.isFinal()) {
            return run;
        }
        Optional<Instant> started =
                run.started().or(() -> status.equals("Running") ? Optional.of(now) : Optional.empty());
        Optional<Instant> ended = RunStatus.isFinal(status) ? Optional.of(now) : Optional.empty();
        Optional<String> why = error.or(run::error);
        status(run.id(), status, started.orElse(null), ended.orElse(null), why.orElse(null));
        return run.moved(status, run.attempt(), started, ended, why);
    }

    void status(JobId id, String status, @Nullable Instant started, @Nullable Instant ended, @Nullable String error) {
        int updated = jdbc.sql("""
                update run_status set status = :status, started = :started, ended = :ended, error = :error
                where workspace_id = :workspace and run_id = :run
                """)
                .param("status", status)
                .param("started", Times.column(started))
                .param("ended", Times.column(ended))
                .param("error", error == null ? null : cut(error, RunLimits.ERROR))
                .param("workspace", id.workspace().value())
                .param("run", id.run())
                .update();
        if (updated == 0) {
            LOG.warn("Run {} has no record; its status {} is not kept", id, status);
        }
    }

    void heartbeat(JobId id, Instant now) {
        jdbc.sql("update run_status set heartbeat = :now where workspace_id = :workspace and run_id = :run")
                .param("now", Times.column(now))
                .param("workspace", id.workspace().value())
                .param("run", id.run())
                .update();
    }

    /** Keeps the run's definition; an earlier one is replaced. */
    void define(JobId id, String definition) {
        int updated = jdbc.sql("""
                update run_definition set definition = :definition
                where workspace_id = :workspace and run_id = :run
                """)
                .param("definition", definition)
                .param("workspace", id.workspace().value())
                .param("run", id.run())
                .update();
        if (updated == 0) {
            insertDefinition(id, definition);
        }
    }

    private void insertStatus(NewRun run) {
        jdbc.sql("insert into run_status (workspace_id, run_id, status) values (:workspace, :run, :status)")
                .param("workspace", run.id().workspace().value())
                .param("run", run.id().run())
                .param("status", run.status())
                .update();
    }

    private void insertDefinition(JobId id, String definition) {
        jdbc.sql("insert into run_definition (workspace_id, run_id, definition) values (:workspace, :run, :definition)")
                .param("workspace", id.workspace().value())
                .param("run", id.run())
                .param("definition", definition)
                .update();
    }

    private String root(NewRun run) {
        Optional<String> parent = run.parent();
        if (parent.isEmpty()) {
            return run.id().run();
        }
        return jdbc.sql("select root_run_id from run where workspace_id = :workspace and run_id = :parent")
                .param("workspace", run.id().workspace().value())
                .param("parent", parent.get())
                .query(String.class)
                .optional()
                .orElse(parent.get());
    }

    private static String cut(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit);
    }
}
