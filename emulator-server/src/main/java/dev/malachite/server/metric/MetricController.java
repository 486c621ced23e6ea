package dev.malachite.server.metric;

import dev.malachite.api.Errors;
import dev.malachite.engine.JobId;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.database.Times;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.time.Instant;
import java.util.Optional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The metric service as azureml-core's {@code run.log…} and {@code get_metrics} use it. */
@RestController
@RequestMapping("/metric/v2.0" + WorkspaceRef.PATH + "/runs/{run}")
class MetricController {

    private static final int PAGE = 10_000;

    private final Metrics metrics;
    private final Runs runs;

    MetricController(Metrics metrics, Runs runs) {
        this.metrics = metrics;
        this.runs = runs;
    }

    @PostMapping("/batch")
    ObjectNode log(Workspace workspace, @PathVariable String run, @Body ObjectNode body) {
        metrics.log(require(workspace, run), body);
        ObjectNode answer = Json.object();
        answer.putArray("errors");
        return answer;
    }

    /** The name must stand inside {@code metricKey}: of another shape the SDK says nothing and finds no metrics. */
    @PostMapping("/list")
    ObjectNode list(Workspace workspace, @PathVariable String run) {
        ObjectNode answer = Json.object();
        ArrayNode value = answer.putArray("value");
        for (Metrics.Definition metric : metrics.definitions(require(workspace, run))) {
            ObjectNode item = value.addObject();
            item.putObject("metricKey").put("namespace", "").put("name", metric.name());
            item.set("columns", metric.columns());
            item.set("properties", metric.properties());
        }
        answer.putNull("continuationToken");
        answer.putNull("nextLink");
        return answer;
    }

    @PostMapping("/full")
    ObjectNode full(Workspace workspace, @PathVariable String run, @Body ObjectNode body) {
        JobId id = require(workspace, run);
        String name = Json.string(body, "metricName").orElse("");
        Metrics.Definition metric = metrics.definition(id, name)
                .orElseThrow(() -> new AzureException(Errors.notFound("Metric '" + name + "'")));
        Slice<ObjectNode> points = metrics.points(
                id,
                name,
                time(body, "startTime"),
                time(body, "endTime"),
                Page.of(null, Json.string(body, "continuationToken").orElse(null), PAGE));
        ObjectNode answer = Json.object();
        answer.put("dataContainerId", "dcid." + run);
        answer.put("name", name);
        answer.set("columns", metric.columns());
        answer.set("properties", metric.properties());
        answer.putNull("namespace");
        answer.putArray("value").addAll(points.items());
        answer.put("continuationToken", points.next().orElse(null));
        answer.putNull("nextLink");
        return answer;
    }

    private JobId require(Workspace workspace, String run) {
        return runs.find(workspace.id(), run)
                .orElseThrow(() -> new AzureException(Errors.notFound("Run '" + run + "'")))
                .id();
    }

    private static Optional<Instant> time(ObjectNode body, String member) {
        return Json.string(body, member)
                .map(text -> Times.parse(text)
                        .orElseThrow(() -> new AzureException(Errors.invalidParameter(member, "it is not a time."))));
    }
}
