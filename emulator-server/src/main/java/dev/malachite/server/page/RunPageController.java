package dev.malachite.server.page;

import dev.malachite.server.artifact.Artifacts;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.metric.Metrics;
import dev.malachite.server.run.RunExecutions;
import dev.malachite.server.run.RunView;
import dev.malachite.server.web.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One run with all that a person wants to know of it: what it does and why, its metrics, its files. Bounded. */
@RestController
class RunPageController {

    private static final int FILES_SHOWN = 500;
    private static final int METRICS_SHOWN = 200;
    private static final int VALUE_SHOWN = 500;

    private final PageRun page;
    private final ControlLoop loop;
    private final Clock clock;
    private final Metrics metrics;
    private final Artifacts artifacts;
    private final RunExecutions executions;

    RunPageController(
            PageRun page,
            ControlLoop loop,
            Clock clock,
            Metrics metrics,
            Artifacts artifacts,
            RunExecutions executions) {
        this.executions = executions;
        this.page = page;
        this.loop = loop;
        this.clock = clock;
        this.metrics = metrics;
        this.artifacts = artifacts;
    }

    @GetMapping(PageRun.PATH)
    ObjectNode run(@PathVariable String workspaceId, @PathVariable String runId) {
        RunView run = page.run(workspaceId, runId);
        Optional<RunExecutions.Standing> standing = executions.of(run.id());
        List<String> files = artifacts.list(run.id().workspace(), run.runId(), "");
        ObjectNode json = Json.object()
                .put("now", clock.instant().toString())
                .put("workspaceId", workspaceId)
                .put("workspace", page.workspace(workspaceId).name())
                .put("runId", run.runId())
                .put("number", run.number())
                .put("experiment", run.experiment())
                .put("displayName", run.displayName().orElse(run.runId()))
                .put("description", run.description().orElse(null))
                .put("parent", run.parent().orElse(null))
                .put("script", run.script().orElse(null))
                .put("target", run.target().orElse(null))
                .put("executed", run.executed())
                .put("status", run.status())
                .put("final", run.isFinal())
                .put("attempt", standing.map(RunExecutions.Standing::attempt).orElse(run.attempt()))
                .put("why", standing.map(RunExecutions.Standing::why).orElse(null))
                .put("created", run.created().toString())
                .put("createdBy", run.createdBy())
                .put("started", text(run.started()))
                .put("ended", text(run.ended()))
                .put("error", run.error().orElse(null));
        ArrayNode nodes = json.putArray("nodes");
        loop.state().job(run.id()).ifPresent(job -> job.nodes().forEach(node -> nodes.add(node.value())));
        json.set("tags", run.tags().json());
        putMetrics(json, metrics.latest(run.id()));
        ArrayNode shown = json.putArray("files");
        files.stream().limit(FILES_SHOWN).forEach(shown::add);
        json.put("fileCount", files.size());
        return json;
    }

    private static void putMetrics(ObjectNode json, Map<String, JsonNode> latest) {
        ObjectNode shown = json.putObject("metrics");
        latest.entrySet().stream()
                .limit(METRICS_SHOWN)
                .forEach(metric -> shown.set(metric.getKey(), shortened(metric.getValue(), shown)));
        json.put("metricCount", latest.size());
    }

    private static JsonNode shortened(JsonNode value, ObjectNode factory) {
        String text = value.isString() ? value.stringValue() : Json.text(value);
        return text.length() <= VALUE_SHOWN ? value : factory.stringNode(text.substring(0, VALUE_SHOWN) + "…");
    }

    private static @Nullable String text(Optional<Instant> at) {
        return at.map(Instant::toString).orElse(null);
    }
}
