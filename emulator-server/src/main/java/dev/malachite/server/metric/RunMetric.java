package dev.malachite.server.metric;

import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A metric in the form of 2018, a list of cells each with the name of its column, and in today's, a list of rows
 * ({@code docs/wire/execution-2018.md}).
 */
final class RunMetric {

    private RunMetric() {}

    /** What was logged, as a value of the metric service's batch. */
    static ObjectNode points(JsonNode metric) {
        ObjectNode value = Json.object();
        value.set("name", Json.member(metric, "name"));
        ObjectNode columns = value.putObject("columns");
        for (JsonNode column : Json.member(Json.objectAt(metric, "schema"), "properties")) {
            columns.put(
                    Json.string(column, "propertyId").orElse(""),
                    today(Json.string(column, "type").orElse("")));
        }
        value.putObject("properties")
                .put("uxMetricType", Json.string(metric, "metricType").orElse(""));
        ArrayNode points = value.putArray("value");
        for (ObjectNode row : rows(Json.member(metric, "cells"))) {
            ObjectNode point = points.addObject();
            point.set("createdUtc", Json.member(metric, "createdUtc"));
            point.set("data", row);
        }
        return value;
    }

    /** The n-th cell of a column is the n-th row's. */
    private static List<ObjectNode> rows(JsonNode cells) {
        List<ObjectNode> rows = new ArrayList<>();
        Map<String, Integer> filled = new HashMap<>();
        for (JsonNode cell : cells) {
            for (Map.Entry<String, JsonNode> member : cell.properties()) {
                int row = filled.merge(member.getKey(), 1, Integer::sum) - 1;
                if (row == rows.size()) {
                    rows.add(Json.object());
                }
                rows.get(row).set(member.getKey(), member.getValue());
            }
        }
        return rows;
    }

    /** What is read back. */
    static ObjectNode of(String run, Metrics.Definition definition, List<ObjectNode> points) {
        ObjectNode metric = Json.object().put("runId", run).put("name", definition.name());
        metric.put(
                "metricType",
                Json.string(definition.properties(), "uxMetricType").orElse("azureml.v1.scalar"));
        metric.put("description", "").put("numCells", points.size());
        ArrayNode cells = metric.putArray("cells");
        for (ObjectNode point : points) {
            metric.put("metricId", Json.string(point, "metricId").orElse(""));
            metric.set("createdUtc", point.path("createdUtc"));
            cells.add(point.path("data"));
        }
        ArrayNode columns = metric.putObject("schema")
                .put("numProperties", definition.columns().size())
                .putArray("properties");
        for (Map.Entry<String, JsonNode> column : definition.columns().properties()) {
            columns.addObject()
                    .put("propertyId", column.getKey())
                    .put("name", column.getKey())
                    .put("type", of2018(column.getValue().asString("")));
        }
        return metric;
    }

    private static String today(String type) {
        return switch (type) {
            case "float" -> "Double";
            case "int" -> "Long";
            case "bool" -> "Boolean";
            default -> "String";
        };
    }

    private static String of2018(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "double", "float" -> "float";
            case "long", "int", "integer" -> "int";
            case "boolean", "bool" -> "bool";
            default -> "string";
        };
    }
}
