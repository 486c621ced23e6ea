package dev.malachite.server.metric;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Times;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Points of one metric as one client's value brought them; a list or a table comes as several values of one name.
 *
 * @param columns types by column name
 */
record MetricValues(String name, ObjectNode columns, ObjectNode properties, List<Point> points) {

    /** Azure ML's documented limits for names; it documents 250 rows a batch, but its SDKs send more. */
    private static final int MAX_NAME = 255;

    private static final int MAX_COLUMNS = 1_000;
    private static final int MAX_POINTS = 10_000;
    private static final int MAX_DATA = 1_000_000;

    /**
     * One row.
     *
     * @param data the row's JSON, as received
     */
    record Point(Optional<String> id, Instant created, Optional<Long> step, String data) {

        ObjectNode row() {
            return Json.parse(data);
        }
    }

    /** One number, in the form that {@code run.log} has. */
    static MetricValues of(Metrics.Scalar scalar) {
        ObjectNode columns = Json.object().put(scalar.name(), "double");
        ObjectNode row = Json.object();
        row.set(scalar.name(), Numbers.write(scalar.value()));
        return new MetricValues(
                scalar.name(),
                columns,
                Json.object().put("uxMetricType", "azureml.v1.scalar"),
                List.of(new Point(Optional.empty(), scalar.at(), Optional.of(scalar.step()), Json.text(row))));
    }

    /** The one number of a row. */
    static double number(JsonNode row) {
        JsonNode cell = row.size() == 1 ? row.iterator().next() : row;
        return cell.isNumber() ? cell.doubleValue() : Double.NaN;
    }

    /** Reads a batch, or refuses it whole. */
    static List<MetricValues> read(ObjectNode body, Instant now) {
        if (!(Json.member(body, "values") instanceof ArrayNode values)) {
            throw new AzureException(Errors.invalidContent("'values' must be a list"));
        }
        List<MetricValues> read = new ArrayList<>();
        int points = 0;
        for (JsonNode value : values) {
            MetricValues metric = read(value, now);
            points += metric.points().size();
            if (points > MAX_POINTS || read.size() == MAX_POINTS) {
                throw new AzureException(Errors.userError(
                        "The request has more than %d points; send them in parts.".formatted(MAX_POINTS)));
            }
            read.add(metric);
        }
        return read;
    }

    private static MetricValues read(JsonNode value, Instant now) {
        String name = Json.string(value, "name")
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new AzureException(Errors.userError("A metric has no name.")));
        if (name.length() > MAX_NAME) {
            throw new AzureException(Errors.userError(
                    "A metric's name has %d characters; at most %d are allowed.".formatted(name.length(), MAX_NAME)));
        }
        ObjectNode columns = Json.objectAt(value, "columns");
        if (columns.size() > MAX_COLUMNS) {
            throw new AzureException(Errors.userError("Metric '%s' has %d columns; at most %d are allowed."
                    .formatted(name, columns.size(), MAX_COLUMNS)));
        }
        for (String column : columns.propertyNames()) {
            if (column.length() > MAX_NAME) {
                throw new AzureException(Errors.userError(
                        "A column of metric '%s' has a name of more than %d characters.".formatted(name, MAX_NAME)));
            }
        }
        List<Point> points = new ArrayList<>();
        for (JsonNode point : Json.member(value, "value")) {
            points.add(point(name, point, now));
        }
        return new MetricValues(name, columns, Json.objectAt(value, "properties"), List.copyOf(points));
    }

    private static Point point(String name, JsonNode point, Instant now) {
        if (!(Json.member(point, "data") instanceof ObjectNode data)) {
            throw new AzureException(Errors.userError("A point of metric '%s' has no data.".formatted(name)));
        }
        String text = Json.text(data);
        if (text.length() > MAX_DATA) {
            throw new AzureException(Errors.tooLarge("A point of metric '" + name + "'", MAX_DATA));
        }
        JsonNode step = Json.member(point, "step");
        Instant created = Json.string(point, "createdUtc").flatMap(Times::parse).orElse(now);
        return new Point(
                Json.string(point, "metricId").filter(id -> id.length() <= MAX_NAME),
                created,
                step.canConvertToLong() && step.isIntegralNumber() ? Optional.of(step.longValue()) : Optional.empty(),
                text);
    }
}
