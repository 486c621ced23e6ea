package dev.malachite.server.experiment;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Ordering;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Queries;
import dev.malachite.server.database.Schema;
import dev.malachite.server.database.Slice;
import dev.malachite.server.database.Times;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps experiments; the first run of a name makes one. */
@Service
public class Experiments {

    private static final Schema SCHEMA = new Schema(
            Map.of(
                    "workspaceid", new Schema.Column("workspaceId", Schema.Type.TEXT),
                    "experimentid", new Schema.Column("id", Schema.Type.TEXT),
                    "name", new Schema.Column("name", Schema.Type.TEXT),
                    "createdutc", new Schema.Column("created", Schema.Type.TIME),
                    "archivedtime", new Schema.Column("archived", Schema.Type.TIME)),
            Map.of("tags", "tags"));

    private final ExperimentRepository repository;
    private final Queries queries;
    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Clock clock;

    Experiments(
            ExperimentRepository repository, Queries queries, JdbcClient jdbc, Transactions transactions, Clock clock) {
        this.repository = repository;
        this.queries = queries;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * The id of the experiment of that name, made if it is new; part of the caller's transaction.
     *
     * @param name checked by {@link ExperimentNames}
     */
    public String ensure(WorkspaceId workspace, String name, Instant now) {
        Optional<String> there = id(workspace, name);
        if (there.isPresent()) {
            return there.get();
        }
        try {
            jdbc.sql("""
                    insert into experiment (id, workspace_id, name, tags, created, last_run_number)
                    values (:id, :workspace, :name, '{}', :created, 0)
                    """)
                    .param("id", UUID.randomUUID().toString())
                    .param("workspace", workspace.value())
                    .param("name", name)
                    .param("created", Times.column(now))
                    .update();
        } catch (DuplicateKeyException e) {
            // Another transaction was first. H2 undoes only this statement; elsewhere the whole is done again.
            return id(workspace, name).orElseThrow(() -> e);
        }
        return id(workspace, name).orElseThrow();
    }

    /** The next run's number, counted from 1 in each experiment; part of the caller's transaction. */
    public long nextRunNumber(String experimentId) {
        jdbc.sql("update experiment set last_run_number = last_run_number + 1 where id = :id")
                .param("id", experimentId)
                .update();
        return jdbc.sql("select last_run_number from experiment where id = :id")
                .param("id", experimentId)
                .query(Long.class)
                .single();
    }

    public Optional<Experiment> find(WorkspaceId workspace, String name) {
        return transactions.read(() ->
                repository.findByWorkspaceIdAndName(workspace.value(), name).map(ExperimentEntity::view));
    }

    public Optional<Experiment> findById(WorkspaceId workspace, String id) {
        return transactions.read(() -> repository
                .findById(id)
                .filter(found -> found.isIn(workspace.value()))
                .map(ExperimentEntity::view));
    }

    public Experiment create(WorkspaceId workspace, String name) {
        ExperimentNames.check(name);
        return transactions.write(() -> {
            ensure(workspace, name, clock.instant());
            return repository
                    .findByWorkspaceIdAndName(workspace.value(), name)
                    .orElseThrow()
                    .view();
        });
    }

    /** Changes what the body names: description, tags (added), archive. */
    public Experiment patch(WorkspaceId workspace, String id, ObjectNode body) {
        Attributes tags = Attributes.of(Json.member(body, "tags"), "tags");
        Optional<String> description = Json.string(body, "description");
        if (description.map(String::length).orElse(0) > 5_000) {
            throw new AzureException(Errors.userError("The description has more than 5000 characters."));
        }
        JsonNode archive = Json.member(body, "archive");
        return change(workspace, id, experiment -> {
            experiment.tag(limited(experiment.view().tags().merged(tags)));
            description.ifPresent(experiment::describe);
            if (archive.isBoolean()) {
                experiment.archive(archive.booleanValue() ? clock.instant() : null);
            }
        });
    }

    public Experiment removeTags(WorkspaceId workspace, String id, List<String> names) {
        return change(
                workspace,
                id,
                experiment -> experiment.tag(experiment.view().tags().without(names)));
    }

    /** Gives it another name, which its runs show from now on. */
    public Experiment rename(WorkspaceId workspace, String id, String name) {
        ExperimentNames.check(name);
        return transactions.write(() -> {
            Experiment before = locked(workspace, id).view();
            if (id(workspace, name).filter(other -> !other.equals(id)).isPresent()) {
                throw new AzureException(Errors.conflict("Experiment '%s' exists.".formatted(name)));
            }
            jdbc.sql("update experiment set name = :name where id = :id")
                    .param("name", name)
                    .param("id", id)
                    .update();
            jdbc.sql("update run set experiment_name = :name where experiment_id = :id")
                    .param("name", name)
                    .param("id", id)
                    .update();
            return new Experiment(id, name, before.description(), before.tags(), before.created(), before.archived());
        });
    }

    /** Removes an experiment that has no runs. */
    void delete(WorkspaceId workspace, String id) {
        transactions.write(() -> {
            ExperimentEntity experiment = locked(workspace, id);
            long runs = jdbc.sql("select last_run_number from experiment where id = :id")
                    .param("id", id)
                    .query(Long.class)
                    .single();
            if (runs > 0) {
                throw new AzureException(
                        Errors.userError("The experiment has runs; only an empty experiment can be deleted."));
            }
            repository.delete(experiment);
            return true;
        });
    }

    public Slice<Experiment> list(WorkspaceId workspace, Filter filter, List<Ordering> order, Page page) {
        Filter here = Filter.all(Filter.eq("workspaceId", workspace.value()), filter);
        List<Ordering> sorted = order.isEmpty() ? List.of(new Ordering("createdUtc", true)) : order;
        return transactions
                .read(() -> queries.list(ExperimentEntity.class, SCHEMA, here, sorted, page))
                .map(ExperimentEntity::view);
    }

    private Experiment change(WorkspaceId workspace, String id, Consumer<ExperimentEntity> change) {
        return transactions.write(() -> {
            ExperimentEntity experiment = locked(workspace, id);
            change.accept(experiment);
            return experiment.view();
        });
    }

    private ExperimentEntity locked(WorkspaceId workspace, String id) {
        return repository
                .findLockedById(id)
                .filter(found -> found.isIn(workspace.value()))
                .orElseThrow(() -> new AzureException(Errors.notFound("Experiment '" + id + "'")));
    }

    private Optional<String> id(WorkspaceId workspace, String name) {
        return jdbc.sql("select id from experiment where workspace_id = :workspace and name = :name")
                .param("workspace", workspace.value())
                .param("name", name)
                .query(String.class)
                .optional();
    }

    /** Azure ML's documented limits for experiments. */
    private static Attributes limited(Attributes tags) {
        return tags.limited("tags", 50, 250, 1_000);
    }
}
