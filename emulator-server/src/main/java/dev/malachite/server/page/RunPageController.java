package dev.malachite.server.page;

import dev.malachite.engine.Explainer;
import dev.malachite.engine.Job;
import dev.malachite.engine.State;
import dev.malachite.server.artifact.Artifacts;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.metric.Metrics;
import dev.malachite.server.run.RunView;
import dev.malachite.server.web.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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

    /** Where the log of an attempt goes when the next one begins, or that of its first process. */
    private static final Pattern EARLIER =
            Pattern.compile("user_logs/retry_\\d+/std_log(_process_0+|_node_0+_worker)?\\.txt");

    private final PageRun page;
    private final ControlLoop loop;
    private final Clock clock;
    private final Metrics metrics;
    private final Artifacts artifacts;

    RunPageController(PageRun page, ControlLoop loop, Clock clock, Metrics metrics, Artifacts artifacts) {
        this.page = page;
        this.loop = loop;
        this.clock = clock;
        this.metrics = metrics;
        this.artifacts = artifacts;
    }

    @GetMapping(PageRun.PATH)
    ObjectNode run(@PathVariable String workspaceId, @PathVariable String runId) {
        RunView run = page.run(workspaceId, runId);
        State state = loop.state();
        Instant now = clock.instant();
        Optional<Job> job = state.job(run.id());
        List<String> files = artifacts.list(run.id().workspace(), run.runId(), "");
        ObjectNode json = Json.object()
                .put("now", now.toString())
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
                .put("attempt", job.map(Job::attempt).orElseGet(() -> attempts(run, files)))
                .put("why", job.map(it -> Explainer.explain(state, it, now)).orElse(null))
                .put("created", run.created().toString())
                .put("createdBy", run.createdBy())
                .put("started", text(run.started()))
                .put("ended", text(run.ended()))
                .put("error", run.error().orElse(null));
        ArrayNode nodes = json.putArray("nodes");
        job.ifPresent(it -> it.nodes().forEach(node -> nodes.add(node.value())));
        json.set("tags", run.tags().json());
        putMetrics(json, metrics.latest(run.id()));
        ArrayNode shown = json.putArray("files");
        files.stream().limit(FILES_SHOWN).forEach(shown::add);
        json.put("fileCount", files.size());
        return json;
    }

    /** The engine forgets a job that has ended; the logs that it left for each attempt tell how many there were. */
    private static int attempts(RunView run, List<String> files) {
        return run.executed()
                ? 1
                        + (int) files.stream()
                                .filter(path -> EARLIER.matcher(path).matches())
                                .count()
                : 0;
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
