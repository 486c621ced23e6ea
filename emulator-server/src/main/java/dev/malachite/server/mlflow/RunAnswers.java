package dev.malachite.server.mlflow;

import dev.malachite.server.metric.Metrics;
import dev.malachite.server.metric.Numbers;
import dev.malachite.server.run.RunView;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs in MLflow's shape; of many at once each kind of data is read in one statement. */
@Component
class RunAnswers {

    private final Metrics metrics;
    private final RunParams params;
    private final RunInputs inputs;

    RunAnswers(Metrics metrics, RunParams params, RunInputs inputs) {
        this.metrics = metrics;
        this.params = params;
        this.inputs = inputs;
    }

    ObjectNode run(Workspace workspace, RunView run) {
        return (ObjectNode) runs(workspace, List.of(run)).get(0);
    }

    ArrayNode runs(Workspace workspace, List<RunView> runs) {
        List<String> ids = runs.stream().map(RunView::runId).toList();
        Map<String, List<Metrics.Scalar>> lastOf = metrics.last(workspace.id(), ids);
        Map<String, Map<String, String>> paramsOf = params.of(workspace.id(), ids);
        Map<String, RunInputs.Of> inputsOf = inputs.of(workspace.id(), ids);
        ArtifactForm form = ArtifactForm.current();
        ArrayNode answer = Json.array();
        for (RunView run : runs) {
            ObjectNode node = answer.addObject();
            node.set("info", info(workspace, run, form));
            ObjectNode data = node.putObject("data");
            ArrayNode values = data.putArray("metrics");
            lastOf.getOrDefault(run.runId(), List.of()).forEach(value -> values.add(metric(value)));
            pairs(data.putArray("params"), paramsOf.getOrDefault(run.runId(), Map.of()));
            pairs(data.putArray("tags"), RunTags.of(run));
            inputs(node, inputsOf.getOrDefault(run.runId(), RunInputs.Of.NOTHING));
        }
        return answer;
    }

    ObjectNode info(Workspace workspace, RunView run) {
        return info(workspace, run, ArtifactForm.current());
    }

    private static ObjectNode info(Workspace workspace, RunView run, ArtifactForm form) {
        ObjectNode info = Json.object();
        info.put("run_id", run.runId());
        info.put("run_uuid", run.runId());
        info.put("run_name", RunTags.name(run));
        info.put("experiment_id", run.experimentId());
        info.put("user_id", run.createdBy());
        info.put("status", Statuses.shown(run.status()));
        info.put("start_time", run.started().orElse(run.created()).toEpochMilli());
        run.ended().map(Instant::toEpochMilli).ifPresent(end -> info.put("end_time", end));
        info.put("artifact_uri", form.root(workspace, run));
        return info.put("lifecycle_stage", run.hidden() ? "deleted" : "active");
    }

    private static void inputs(ObjectNode node, RunInputs.Of of) {
        ObjectNode in = node.putObject("inputs");
        ArrayNode datasets = in.putArray("dataset_inputs");
        of.datasets().forEach(datasets::add);
        ArrayNode used = in.putArray("model_inputs");
        ArrayNode made = node.putObject("outputs").putArray("model_outputs");
        for (RunInputs.Model model : of.models()) {
            if (model.output()) {
                made.addObject().put("model_id", model.id()).put("step", model.step());
            } else {
                used.addObject().put("model_id", model.id());
            }
        }
    }

    static ObjectNode metric(Metrics.Scalar value) {
        ObjectNode node = Json.object().put("key", value.name());
        node.set("value", Numbers.write(value.value()));
        return node.put("timestamp", value.at().toEpochMilli()).put("step", value.step());
    }

    static void pairs(ArrayNode list, Map<String, String> values) {
        values.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
    }
}
