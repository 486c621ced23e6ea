package dev.malachite.server.metric;

import dev.malachite.api.Errors;
import dev.malachite.engine.JobId;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.database.Times;
import dev.malachite.server.metric.Metrics.Definition;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The metrics' tables, by JDBC because points come in thousands; within the caller's transaction. */
@Component
class MetricStore {

    /** Azure ML documents a million rows a metric; of names it documents fewer, but does not seem to hold to it. */
    private static final long MAX_POINTS = 1_000_000;

    private static final long MAX_METRICS = 1_000;
    private static final int MAX_FORM = 100_000;
    private static final int BATCH = 1_000;

    private static final String METRIC = " where workspace_id = :workspace and run_id = :run and name = :name";

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;
    private final MetricListeners listeners;
    private final LastValues last;

    MetricStore(JdbcClient jdbc, JdbcTemplate batches, MetricListeners listeners, LastValues last) {
        this.listeners = listeners;
        this.last = last;
        this.jdbc = jdbc;
        this.batches = batches;
    }

    void append(JobId run, List<MetricValues> values) {
        // One after the other by name, so that two batches never wait for each other.
        Map<String, List<MetricValues>> byName = new TreeMap<>();
        values.forEach(value ->
                byName.computeIfAbsent(value.name(), name -> new ArrayList<>()).add(value));
        byName.forEach((name, parts) -> {
            long all = grow(run, name, parts);
            List<MetricValues.Point> points =
                    parts.stream().flatMap(part -> part.points().stream()).toList();
            insert(run, name, points);
            listeners.grown(run, name, all - points.size(), points);
            last.add(run, name, points);
        });
        long metrics = jdbc.sql("select count(*) from metric where workspace_id = :workspace and run_id = :run")
                .param("workspace", run.workspace().value())
                .param("run", run.run())
                .query(Long.class)
                .single();
        if (metrics > MAX_METRICS) {
            throw new AzureException(Errors.userError(
                    "The run has more than %d metrics; put what varies into a column instead.".formatted(MAX_METRICS)));
        }
    }

    /**
     * Merges columns and properties into the metric's row, and holds it until the transaction ends; replies how many
     * points there are then.
     */
    private long grow(JobId run, String name, List<MetricValues> parts) {
        if (definition(run, name).isEmpty()) {
            create(run, name);
        }
        Definition there = one(run, name, "select name, columns, properties from metric" + METRIC + " for update")
                .orElseThrow();
        ObjectNode columns = there.columns();
        ObjectNode properties = there.properties();
        long added = 0;
        for (MetricValues part : parts) {
            columns.setAll(part.columns());
            properties.setAll(part.properties());
            added += part.points().size();
        }
        jdbc.sql("update metric set columns = :columns, properties = :properties, points = points + :added" + METRIC)
                .param("columns", form(name, columns))
                .param("properties", form(name, properties))
                .param("added", added)
                .param("workspace", run.workspace().value())
                .param("run", run.run())
                .param("name", name)
                .update();
        long points = jdbc.sql("select points from metric" + METRIC)
                .param("workspace", run.workspace().value())
                .param("run", run.run())
                .param("name", name)
                .query(Long.class)
                .single();
        if (points > MAX_POINTS) {
            throw new AzureException(
                    Errors.userError("Metric '%s' would have more than %d points.".formatted(name, MAX_POINTS)));
        }
        return points;
    }

    private void create(JobId run, String name) {
        try {
            jdbc.sql("""
                    insert into metric (workspace_id, run_id, name, columns, properties, points)
                    values (:workspace, :run, :name, '{}', '{}', 0)
                    """)
                    .param("workspace", run.workspace().value())
                    .param("run", run.run())
                    .param("name", name)
                    .update();
        } catch (DuplicateKeyException e) {
            // Another batch was first. H2 undoes only this statement; elsewhere the whole is done again.
            if (definition(run, name).isEmpty()) {
                throw e;
            }
        }
    }

    private void insert(JobId run, String name, List<MetricValues.Point> points) {
        batches.batchUpdate("""
                insert into metric_point (workspace_id, run_id, name, metric_id, created, step, data)
                values (?, ?, ?, ?, ?, ?, ?)
                """, points, BATCH, (statement, point) -> {
            statement.setString(1, run.workspace().value());
            statement.setString(2, run.run());
            statement.setString(3, name);
            statement.setString(4, point.id().orElse(null));
            statement.setObject(5, Times.column(point.created()));
            statement.setObject(6, point.step().orElse(null), Types.BIGINT);
            statement.setString(7, point.data());
        });
    }

    List<Definition> definitions(JobId run) {
        return jdbc.sql("""
                select name, columns, properties from metric
                where workspace_id = :workspace and run_id = :run order by name
                """)
                .param("workspace", run.workspace().value())
                .param("run", run.run())
                .query((rows, n) ->
                        new Definition(rows.getString(1), Json.parse(rows.getString(2)), Json.parse(rows.getString(3))))
                .list();
    }

    Optional<Definition> definition(JobId run, String name) {
        return one(run, name, "select name, columns, properties from metric" + METRIC);
    }

    private Optional<Definition> one(JobId run, String name, String sql) {
        return jdbc.sql(sql)
                .param("workspace", run.workspace().value())
                .param("run", run.run())
                .param("name", name)
                .query((rows, n) ->
                        new Definition(rows.getString(1), Json.parse(rows.getString(2)), Json.parse(rows.getString(3))))
                .optional();
    }

    Slice<ObjectNode> points(JobId run, String name, Optional<Instant> from, Optional<Instant> to, Page page) {
        List<ObjectNode> found = new ArrayList<>(jdbc.sql("select metric_id, created, step, data from metric_point"
                        + METRIC
                        + " and created >= :earliest and created <= :latest"
                        + " order by id offset :skip rows fetch next :top rows only")
                .param("workspace", run.workspace().value())
                .param("run", run.run())
                .param("name", name)
                .param("earliest", Times.column(from.orElse(Instant.EPOCH)))
                .param("latest", Times.column(to.orElse(Instant.parse("9999-12-31T00:00:00Z"))))
                .param("skip", page.skip())
                .param("top", page.top() + 1)
                .query((rows, n) -> {
                    ObjectNode point = Json.object();
                    point.put("metricId", rows.getString(1));
                    point.put(
                            "createdUtc",
                            rows.getObject(2, OffsetDateTime.class).toInstant().toString());
                    long step = rows.getLong(3);
                    if (rows.wasNull()) {
                        point.putNull("step");
                    } else {
                        point.put("step", step);
                    }
                    point.set("data", Json.parse(rows.getString(4)));
                    return point;
                })
                .list());
        if (found.size() <= page.top()) {
            return new Slice<>(found, Optional.empty());
        }
        return new Slice<>(
                List.copyOf(found.subList(0, page.top())), Optional.of(String.valueOf(page.skip() + page.top())));
    }

    Map<String, JsonNode> latest(JobId run) {
        Map<String, JsonNode> latest = new LinkedHashMap<>();
        jdbc.sql("""
                select name, data from metric_point where id in
                    (select max(id) from metric_point
                     where workspace_id = :workspace and run_id = :run group by name)
                order by name
                """)
                .param("workspace", run.workspace().value())
                .param("run", run.run())
                .query((rows, n) -> {
                    ObjectNode data = Json.parse(rows.getString(2));
                    return latest.put(
                            rows.getString(1),
                            data.size() == 1 ? data.iterator().next() : data);
                })
                .list();
        return latest;
    }

    private static String form(String name, ObjectNode node) {
        String text = Json.text(node);
        if (text.length() > MAX_FORM) {
            throw new AzureException(Errors.tooLarge("The columns or properties of metric '" + name + "'", MAX_FORM));
        }
        return text;
    }
}
