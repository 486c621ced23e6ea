package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Ordering;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Queries;
import dev.malachite.server.database.Row;
import dev.malachite.server.database.Slice;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.database.WriteBehind;
import dev.malachite.server.web.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/** The history of runs, to read. */
@Service
public class Runs {

    /** The latest first, so that a page begins with what one looks for. */
    private static final List<Ordering> LATEST =
            List.of(new Ordering("CreatedUtc", true), new Ordering("RunId", false));

    private final RunRepository repository;
    private final Queries queries;
    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final PlayedTags tags;
    private final RunRecords records;
    private final WriteBehind journal;

    Runs(
            RunRepository repository,
            Queries queries,
            JdbcClient jdbc,
            Transactions transactions,
            PlayedTags tags,
            RunRecords records,
            WriteBehind journal) {
        this.tags = tags;
        this.records = records;
        this.journal = journal;
        this.repository = repository;
        this.queries = queries;
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    public Optional<RunView> find(WorkspaceId workspace, String runId) {
        Optional<Row> late = journal.late(RunWriter.statusKey(workspace, runId));
        return transactions
                .read(() -> repository.findById(RunKey.of(workspace, runId)).map(RunEntity::view))
                .map(run -> late.map(status -> RunWriter.moved(run, status)).orElse(run));
    }

    /** Whether there is such a run; less work than finding it. */
    public boolean exists(WorkspaceId workspace, String runId) {
        return records.exists(new JobId(workspace, runId));
    }

    /** In the order of the ids; those that are not there are left out. */
    public List<RunView> find(WorkspaceId workspace, List<String> runIds) {
        if (runIds.isEmpty()) {
            return List.of();
        }
        List<RunKey> keys =
                runIds.stream().map(run -> RunKey.of(workspace, run)).toList();
        Map<String, RunView> found = new HashMap<>();
        read(() -> repository.findByKeyIn(keys).stream().map(RunEntity::view).toList())
                .forEach(run -> found.put(run.runId(), run));
        return runIds.stream().map(found::get).filter(Objects::nonNull).toList();
    }

    /** The tags of a run that was submitted, if it runs no script; played jobs ask for them by the thousand. */
    public Optional<Attributes> tagsWithoutScript(JobId job) {
        return tags.of(job);
    }

    /** The latest first. */
    public Slice<RunView> list(WorkspaceId workspace, Filter filter, Page page) {
        return list(workspace, filter, List.of(), page);
    }

    /** Those that are no children, the latest first; a page costs the same however many there are. */
    public Slice<RunView> listTopLevel(WorkspaceId workspace, Filter filter, Page page) {
        return list(
                workspace,
                Filter.all(RunFilters.topLevel(), filter),
                List.of(Ordering.same("WorkspaceId"), Ordering.same("ParentRunId")),
                page);
    }

    public Slice<RunView> list(WorkspaceId workspace, Filter filter, List<Ordering> order, Page page) {
        Filter here = Filter.all(RunFilters.in(workspace), filter);
        List<Ordering> sorted = Stream.concat(order.stream(), LATEST.stream()).toList();
        return read(() -> queries.list(RunEntity.class, RunFilters.SCHEMA, here, sorted, page))
                .map(RunEntity::view);
    }

    /** Of all workspaces, the latest first. */
    public List<RunView> latest(int most) {
        return read(() -> queries.list(RunEntity.class, RunFilters.SCHEMA, Filter.all(), LATEST, Page.first(most)))
                .map(RunEntity::view)
                .items();
    }

    private <T> T read(Supplier<T> work) {
        journal.catchUp(RunWriter.STATUS);
        return transactions.read(work);
    }

    /** The run configuration or the job, as received; empty for runs that were never submitted. */
    public Optional<ObjectNode> definition(WorkspaceId workspace, String runId) {
        return Optional.ofNullable(definitions(workspace, List.of(runId)).get(runId));
    }

    /** By run id; runs without a definition are not in it. */
    public Map<String, ObjectNode> definitions(WorkspaceId workspace, Collection<String> runIds) {
        Map<String, ObjectNode> found = new HashMap<>();
        if (runIds.isEmpty()) {
            return found;
        }
        jdbc.sql("""
                select run_id, definition from run_definition
                where workspace_id = :workspace and run_id in (:runs)
                """)
                .param("workspace", workspace.value())
                .param("runs", runIds)
                .query((rows, n) -> found.put(rows.getString(1), Json.parse(rows.getString(2))))
                .list();
        return found;
    }

    /** Has every status that was committed written into its row. */
    public void settle() {
        journal.catchUp(RunWriter.STATUS);
    }
}
