package dev.malachite.server.metric;

import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * The newest number of each metric, whichever SDK logged it: the point of the highest step, and of those the latest, as
 * MLflow has it. Runs are found and sorted by it.
 */
@Component
class LastValues {

    private static final String ROW = " where workspace_id = :workspace and run_id = :run and name = :name";

    /** What the column holds; nobody searches by longer ones. */
    private static final int MAX_NAME = 600;

    private final JdbcClient jdbc;

    LastValues(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Takes new points in; the caller's transaction holds the metric's row. */
    void add(JobId run, String metric, List<MetricValues.Point> points) {
        Map<String, Metrics.Scalar> newest = new LinkedHashMap<>();
        for (MetricValues.Point point : points) {
            JsonNode data = point.row();
            data.properties().forEach(cell -> {
                String name = data.size() == 1 ? metric : metric + "." + cell.getKey();
                Numbers.read(cell.getValue())
                        .filter(value -> name.length() <= MAX_NAME)
                        .ifPresent(value -> newest.merge(
                                name,
                                new Metrics.Scalar(
                                        name,
                                        value,
                                        point.created(),
                                        point.step().orElse(0L)),
                                LastValues::newer));
            });
        }
        newest.values().forEach(value -> keep(run, value));
    }

    private static Metrics.Scalar newer(Metrics.Scalar before, Metrics.Scalar next) {
        boolean later = next.step() == before.step() ? !next.at().isBefore(before.at()) : next.step() > before.step();
        return later ? next : before;
    }

    private void keep(JobId run, Metrics.Scalar value) {
        long there = jdbc.sql("select count(*) from metric_last" + ROW)
                .param("workspace", run.workspace().value())
                .param("run", run.run())
                .param("name", value.name())
                .query(Long.class)
                .single();
        String sql = there == 0
                ? "insert into metric_last (workspace_id, run_id, name, last_value, not_a_number, logged, step)"
                        + " values (:workspace, :run, :name, :value, :nan, :logged, :step)"
                : "update metric_last set last_value = :value, not_a_number = :nan, logged = :logged, step = :step"
                        + ROW
                        + " and (step < :step or (step = :step and logged <= :logged))";
        jdbc.sql(sql)
                .param("workspace", run.workspace().value())
                .param("run", run.run())
                .param("name", value.name())
                .param("value", Double.isNaN(value.value()) ? 0.0 : value.value())
                .param("nan", Double.isNaN(value.value()))
                .param("logged", value.at().toEpochMilli())
                .param("step", value.step())
                .update();
    }

    /** By run id, each run's by name. */
    Map<String, List<Metrics.Scalar>> of(WorkspaceId workspace, Collection<String> runs) {
        Map<String, List<Metrics.Scalar>> found = new LinkedHashMap<>();
        if (runs.isEmpty()) {
            return found;
        }
        jdbc.sql("""
                select run_id, name, last_value, not_a_number, logged, step from metric_last
                where workspace_id = :workspace and run_id in (:runs) order by name
                """)
                .param("workspace", workspace.value())
                .param("runs", runs)
                .query((rows, n) -> found.computeIfAbsent(rows.getString(1), run -> new ArrayList<>())
                        .add(new Metrics.Scalar(
                                rows.getString(2),
                                rows.getBoolean(4) ? Double.NaN : rows.getDouble(3),
                                Instant.ofEpochMilli(rows.getLong(5)),
                                rows.getLong(6))))
                .list();
        return found;
    }
}
