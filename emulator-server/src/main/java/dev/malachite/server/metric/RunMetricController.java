package dev.malachite.server.metric;

import dev.malachite.api.Errors;
import dev.malachite.engine.JobId;
import dev.malachite.server.database.Page;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Metrics below the run history, where azureml-core 0.1 logs and reads them ({@code docs/wire/execution-2018.md}); they are
 * the same that the metric service has.
 */
@RestController
class RunMetricController {

    private static final String EXPERIMENT = "/history/v1.0" + WorkspaceRef.PATH + "/experiments/{experiment}";

    private static final Pattern OF_RUN =
            Pattern.compile("\\bRunId\\s+eq\\s+'?([^'\\s()]+)'?", Pattern.CASE_INSENSITIVE);

    private static final Pattern NAME =
            Pattern.compile("\\bName\\s+eq\\s+'?([^'()]+?)'?\\s*(?:\\)|$)", Pattern.CASE_INSENSITIVE);

    /** What may stand in a filter: anything else, passed over in silence, would give other metrics than were asked for. */
    private static final Pattern KNOWN = Pattern.compile(
            "\\b(?:RunId|Name)\\s+eq\\s+(?:'[^']*'|[^'\\s()]+)|\\b(?:and|or)\\b|[\\s()]", Pattern.CASE_INSENSITIVE);

    private static final int MOST_RUNS = 100;

    private static final int MOST_POINTS = 10_000;

    private final Metrics metrics;
    private final Runs runs;

    RunMetricController(Metrics metrics, Runs runs) {
        this.metrics = metrics;
        this.runs = runs;
    }

    @PostMapping(EXPERIMENT + "/runs/{run}/metrics")
    ObjectNode log(Workspace workspace, @PathVariable String run, @Body ObjectNode body) {
        ObjectNode batch = Json.object();
        batch.putArray("values").add(RunMetric.points(body));
        metrics.log(require(workspace, run), batch);
        return body;
    }

    /** Several at once, as versions of 2020 send them. */
    @PostMapping(EXPERIMENT + "/runs/{run}/batch/metrics")
    ResponseEntity<Void> logBatch(Workspace workspace, @PathVariable String run, @Body ObjectNode body) {
        ObjectNode batch = Json.object();
        ArrayNode values = batch.putArray("values");
        for (JsonNode metric : Json.member(body, "values")) {
            values.add(RunMetric.points(metric));
        }
        metrics.log(require(workspace, run), batch);
        return ResponseEntity.ok().build();
    }

    @GetMapping(EXPERIMENT + "/metrics")
    ObjectNode list(Workspace workspace, @RequestParam("$filter") String filter) {
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        Matcher wanted = OF_RUN.matcher(filter);
        int runs = 0;
        while (wanted.find() && runs++ < MOST_RUNS) {
            add(value, require(workspace, wanted.group(1)), named(filter));
        }
        if (runs == 0 || !KNOWN.matcher(filter).replaceAll("").isEmpty()) {
            throw new AzureException(Errors.invalidParameter(
                    "$filter", "one or several of 'RunId eq ' and a run's id are expected, and at most a Name."));
        }
        return page;
    }

    @PostMapping(EXPERIMENT + "/metrics:query")
    ObjectNode query(Workspace workspace, @Body ObjectNode body) {
        return list(workspace, Json.string(body, "filter").orElse(""));
    }

    private static Optional<String> named(String filter) {
        Matcher name = NAME.matcher(filter);
        return name.find() ? Optional.of(name.group(1)) : Optional.empty();
    }

    private void add(ArrayNode value, JobId run, Optional<String> name) {
        for (Metrics.Definition metric : metrics.definitions(run)) {
            if (name.isPresent() && !name.get().equals(metric.name())) {
                continue;
            }
            value.add(RunMetric.of(
                    run.run(),
                    metric,
                    metrics.points(run, metric.name(), Optional.empty(), Optional.empty(), new Page(0, MOST_POINTS))
                            .items()));
        }
    }

    private JobId require(Workspace workspace, String run) {
        return runs.find(workspace.id(), run)
                .orElseThrow(() -> new AzureException(Errors.notFound("Run '" + run + "'")))
                .id();
    }
}
