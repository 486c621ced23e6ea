package dev.malachite.server.mlflow;

import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.metric.Metrics;
import dev.malachite.server.run.RunView;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The points of metrics, whichever SDK logged them. */
@RestController
@RequestMapping({MlflowPaths.API + "/metrics", MlflowPaths.PREVIEW + "/metrics"})
class MetricApi {

    private static final int MAX_PAGE = 25_000;
    private static final int MAX_RUNS = 100;
    private static final int BULK = 2_500;
    private static final int MAX_READ = 50_000;

    private final Access access;
    private final Metrics metrics;

    MetricApi(Access access, Metrics metrics) {
        this.access = access;
        this.metrics = metrics;
    }

    /** A client that asks for no page gets its token all the same, and follows it. */
    @GetMapping("/get-history")
    ObjectNode history(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        Asked asked = Asked.of(query);
        RunView run = access.readable(workspace, asked.runId());
        Slice<Metrics.Scalar> points =
                metrics.history(run.id(), asked.require("metric_key"), Limits.page(asked, MAX_PAGE, MAX_PAGE));
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("metrics");
        points.items().forEach(point -> list.add(RunAnswers.metric(point)));
        points.next().ifPresent(skip -> answer.put("next_page_token", Limits.token(Integer.parseInt(skip))));
        return answer;
    }

    /** A curve of few points for each run: evenly chosen steps, the first and the last among them. */
    @GetMapping("/get-history-bulk-interval")
    ObjectNode bulk(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        Asked asked = Asked.of(query);
        List<String> runs = asked.texts("run_ids");
        String key = asked.require("metric_key");
        if (runs.isEmpty() || runs.size() > MAX_RUNS) {
            throw MlflowErrors.invalid(
                    "GetMetricHistoryBulkInterval request must specify 1 to %d run_ids.".formatted(MAX_RUNS));
        }
        Optional<Long> start = asked.whole("start_step");
        Optional<Long> end = asked.whole("end_step");
        if (start.isPresent() != end.isPresent() || start.orElse(0L) > end.orElse(0L)) {
            throw MlflowErrors.invalid(
                    "If either start step or end step are specified, both must be specified, in that order.");
        }
        int most = Limits.page(asked, BULK, BULK).top();
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("metrics");
        for (String id : runs) {
            RunView run = access.readable(workspace, id);
            List<Metrics.Scalar> points = metrics.history(run.id(), key, Page.first(MAX_READ)).items().stream()
                    .filter(point -> start.isEmpty()
                            || (point.step() >= start.get() && point.step() <= end.orElse(Long.MAX_VALUE)))
                    .toList();
            for (Metrics.Scalar point : chosen(points, most)) {
                list.add(RunAnswers.metric(point).put("run_id", id));
            }
        }
        return answer;
    }

    private static List<Metrics.Scalar> chosen(List<Metrics.Scalar> points, int most) {
        if (points.size() <= most) {
            return points;
        }
        List<Metrics.Scalar> chosen = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            chosen.add(points.get((int) ((long) i * (points.size() - 1) / Math.max(most - 1, 1))));
        }
        return chosen;
    }
}
