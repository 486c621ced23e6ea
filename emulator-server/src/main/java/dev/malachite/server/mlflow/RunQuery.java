package dev.malachite.server.mlflow;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.web.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.StringNode;

/** A search for runs as SQL; every value is a parameter. */
final class RunQuery {

    /** A run begins when it was made where nobody has said when it began, as its answer says too. */
    private static final String STARTED = "coalesce(s.started, r.created)";

    private static final Map<String, String> COLUMNS = Map.of(
            "run_id", "r.run_id",
            "run_name", "coalesce(r.display_name, r.name, r.run_id)",
            "user_id", "r.created_by",
            "start_time", STARTED,
            "end_time", "s.ended",
            "status", "s.status",
            "artifact_uri", "r.run_id");

    /** Tags that are columns. */
    private static final Map<String, String> DERIVED = Map.of(
            RunTags.NAME, "coalesce(r.display_name, r.name, r.run_id)",
            RunTags.NOTE, "r.description",
            RunTags.PARENT, "r.parent_run_id",
            RunTags.ROOT, "r.root_run_id");

    private static final String STATUS =
            " join run_status s on s.workspace_id = r.workspace_id and s.run_id = r.run_id";

    private static final String OF_RUN = ".workspace_id = r.workspace_id and %1$s.run_id = r.run_id";

    private final Map<String, Object> params = new HashMap<>();
    private final List<Clause> left = new ArrayList<>();
    private final StringBuilder joins = new StringBuilder();
    private final StringBuilder where = new StringBuilder();
    private final List<String> sorts = new ArrayList<>();

    RunQuery(
            WorkspaceId workspace,
            List<String> experiments,
            Optional<Boolean> hidden,
            List<Clause> clauses,
            List<SearchText.Order> order) {
        where.append("r.workspace_id = ").append(bind(workspace.value()));
        where.append(" and r.experiment_id in (").append(bind(experiments)).append(')');
        hidden.ifPresent(is -> where.append(" and r.hidden = ").append(bind(is)));
        clauses.forEach(clause -> where.append(" and ").append(condition(clause)));
        order.forEach(this::sort);
        if (order.stream().noneMatch(key -> key.field().key().equals("start_time"))) {
            sorts.add(STARTED + " desc");
        }
        sorts.add("r.run_id");
    }

    String sql() {
        return "select r.run_id, r.tags from run r" + STATUS + joins + " where " + where + " order by "
                + String.join(", ", sorts) + " offset :skip rows fetch next :top rows only";
    }

    Map<String, Object> params() {
        return params;
    }

    /** Comparisons of tags that no SQL for their JSON can make. */
    List<Clause> left() {
        return left;
    }

    private String bind(Object value) {
        String name = "v" + params.size();
        params.put(name, value);
        return ":" + name;
    }

    private String condition(Clause clause) {
        return switch (clause.kind()) {
            case METRIC -> exists("metric_last", "m", clause.key(), "not m.not_a_number and " + number(clause));
            case PARAM -> param(clause);
            case DATASET -> dataset(clause);
            case TAG -> tag(clause);
            case ATTRIBUTE -> attribute(clause);
        };
    }

    private String exists(String table, String alias, String key, String condition) {
        return "exists (select 1 from %s %s where %s and %s.name = %s and %s)"
                .formatted(table, alias, alias + OF_RUN.formatted(alias), alias, bind(key), condition);
    }

    /** NaN differs from every number. */
    private String number(Clause clause) {
        return "m.last_value " + clause.op().text().replace("!=", "<>") + " " + bind(clause.number());
    }

    private String param(Clause clause) {
        return switch (clause.op()) {
            case IS_NULL -> "not " + exists("run_param", "p", clause.key(), "1 = 1");
            case IS_NOT_NULL -> exists("run_param", "p", clause.key(), "1 = 1");
            case EQ, NE, GT, GE, LT, LE, LIKE, ILIKE, IN, NOT_IN ->
                exists("run_param", "p", clause.key(), text("p.param_value", clause));
        };
    }

    private String dataset(Clause clause) {
        return "exists (select 1 from run_dataset d where d%s and %s)"
                .formatted(OF_RUN.formatted("d"), text("d." + clause.key(), clause));
    }

    /** Our own JSON has no blanks, and a quote in a string is escaped: {@code "key":"value"} stands nowhere else. */
    private String tag(Clause clause) {
        String column = DERIVED.get(clause.key());
        if (column != null) {
            return switch (clause.op()) {
                case IS_NULL -> column + " is null";
                case IS_NOT_NULL -> column + " is not null";
                case EQ, NE, GT, GE, LT, LE, LIKE, ILIKE, IN, NOT_IN -> text(column, clause);
            };
        }
        String start = Json.text(StringNode.valueOf(clause.key())) + ":";
        String there = "position(" + bind(start) + " in r.tags) > 0";
        return switch (clause.op()) {
            case IS_NULL -> "not " + there;
            case IS_NOT_NULL -> there;
            case EQ -> holds(start, clause.value());
            case NE -> there + " and not " + holds(start, clause.value());
            case GT, GE, LT, LE, LIKE, ILIKE, IN, NOT_IN -> {
                left.add(clause);
                yield there;
            }
        };
    }

    private String holds(String start, String value) {
        return "position(" + bind(start + Json.text(StringNode.valueOf(value))) + " in r.tags) > 0";
    }

    private String attribute(Clause clause) {
        String column = COLUMNS.getOrDefault(clause.key(), "r.run_id");
        return switch (clause.key()) {
            case "start_time", "end_time" -> time(column, clause);
            case "status" -> status(clause);
            // A run's URI ends with its id, whatever the form: who compares it looks for one run.
            case "artifact_uri" ->
                text("r.run_id", new Clause(clause.kind(), clause.key(), clause.op(), List.of(runOf(clause.value()))));
            default -> text(column, clause);
        };
    }

    private String time(String column, Clause clause) {
        Instant instant = Instant.ofEpochMilli(Math.round(Math.clamp(clause.number(), 0, 253_402_300_799_999.0)));
        String millisecond = bind(instant.atOffset(ZoneOffset.UTC));
        String next = bind(instant.plusMillis(1).atOffset(ZoneOffset.UTC));
        // Columns are finer than the milliseconds that clients see.
        String within = "(" + column + " >= " + millisecond + " and " + column + " < " + next + ")";
        return switch (clause.op()) {
            case EQ -> within;
            case NE -> "not " + within;
            case GT -> column + " >= " + next;
            case GE -> column + " >= " + millisecond;
            case LT -> column + " < " + millisecond;
            case LE -> column + " < " + next;
            case LIKE, ILIKE, IN, NOT_IN, IS_NULL, IS_NOT_NULL -> "1 = 0";
        };
    }

    private String status(Clause clause) {
        List<String> words = Statuses.matching(clause);
        return words.isEmpty() ? "1 = 0" : "s.status in (" + bind(words) + ")";
    }

    private static String runOf(String uri) {
        String[] parts = uri.replaceFirst("/artifacts/?$", "").split("/", -1);
        return parts[parts.length - 1];
    }

    private String text(String column, Clause clause) {
        return switch (clause.op()) {
            case EQ -> column + " = " + bind(clause.value());
            case NE -> column + " <> " + bind(clause.value());
            case LIKE -> column + " like " + bind(clause.value()) + " escape ''";
            case ILIKE -> "lower(" + column + ") like lower(" + bind(clause.value()) + ") escape ''";
            case IN -> column + " in (" + bind(clause.values()) + ")";
            case NOT_IN -> column + " not in (" + bind(clause.values()) + ")";
            case GT, GE, LT, LE -> column + " " + clause.op().text() + " " + bind(clause.value());
            case IS_NULL -> column + " is null";
            case IS_NOT_NULL -> column + " is not null";
        };
    }

    /** What has no value comes last in both directions, NaN before it. */
    private void sort(SearchText.Order order) {
        String direction = order.descending() ? " desc" : "";
        String alias = "s" + sorts.size();
        switch (order.field().kind()) {
            case METRIC -> {
                join("metric_last", alias, order.field().key());
                sorts.add(
                        "case when %1$s.name is null then 2 when %1$s.not_a_number then 1 else 0 end".formatted(alias));
                sorts.add(alias + ".last_value" + direction);
            }
            case PARAM -> {
                join("run_param", alias, order.field().key());
                sorts.add("case when %s.name is null then 1 else 0 end".formatted(alias));
                sorts.add(alias + ".param_value" + direction);
            }
            case TAG -> {
                String column = DERIVED.get(order.field().key());
                if (column == null) {
                    throw MlflowErrors.invalid(
                            "Runs cannot be sorted by the tag '%s'; there are %s, and metrics, params and attributes."
                                    .formatted(order.field().key(), String.join(", ", DERIVED.keySet())));
                }
                plain(column, direction);
            }
            case ATTRIBUTE -> plain(COLUMNS.getOrDefault(order.field().key(), "r.run_id"), direction);
            case DATASET -> throw MlflowErrors.invalid("Runs cannot be sorted by their datasets.");
        }
    }

    private void plain(String column, String direction) {
        sorts.add("case when %s is null then 1 else 0 end".formatted(column));
        sorts.add(column + direction);
    }

    private void join(String table, String alias, String key) {
        joins.append(" left join %s %s on %s and %s.name = %s"
                .formatted(table, alias, alias + OF_RUN.formatted(alias), alias, bind(key)));
    }
}
