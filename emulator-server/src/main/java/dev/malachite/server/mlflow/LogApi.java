package dev.malachite.server.mlflow;

import dev.malachite.server.database.Attributes;
import dev.malachite.server.metric.Metrics;
import dev.malachite.server.run.ClientRuns;
import dev.malachite.server.run.RunView;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a script logs to its run. */
@RestController
@RequestMapping({MlflowPaths.API + "/runs", MlflowPaths.PREVIEW + "/runs"})
class LogApi {

    private static final String HISTORY = "mlflow.log-model.history";

    private final Access access;
    private final Metrics metrics;
    private final RunParams params;
    private final RunInputs inputs;
    private final ClientRuns runs;

    LogApi(Access access, Metrics metrics, RunParams params, RunInputs inputs, ClientRuns runs) {
        this.access = access;
        this.metrics = metrics;
        this.params = params;
        this.inputs = inputs;
        this.runs = runs;
    }

    @PostMapping("/log-metric")
    ObjectNode metric(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        RunView run = access.active(workspace, asked.runId());
        metrics.log(run.id(), List.of(scalar(asked)));
        return Json.object();
    }

    @PostMapping("/log-parameter")
    ObjectNode param(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        RunView run = access.active(workspace, asked.runId());
        String key = Limits.key(asked, "key", "Param key");
        params.log(run.id(), Map.of(key, Limits.param(asked, key)));
        return Json.object();
    }

    /** Azure's clients wait for nothing when no tracking id comes back: all of it is kept. */
    @PostMapping({"/log-batch", "/log-batch-async"})
    ObjectNode batch(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        List<Asked> scalars = asked.messages("metrics");
        List<Asked> pairs = asked.messages("params");
        List<Asked> labels = asked.messages("tags");
        Limits.count("metrics", scalars.size(), Limits.METRICS);
        Limits.count("params", pairs.size(), Limits.PARAMS);
        Limits.count("tags", labels.size(), Limits.TAGS);
        Limits.count("entities", scalars.size() + pairs.size() + labels.size(), Limits.ENTITIES);
        RunView run = access.active(workspace, asked.runId());
        List<Metrics.Scalar> values = scalars.stream().map(LogApi::scalar).toList();
        Map<String, String> given = new LinkedHashMap<>();
        for (Asked pair : pairs) {
            String key = Limits.key(pair, "key", "Param key");
            String value = Limits.param(pair, key);
            String before = given.put(key, value);
            if (before != null && !before.equals(value)) {
                throw MlflowErrors.invalid("Duplicate parameter keys have been submitted: '%s'.".formatted(key));
            }
        }
        Map<String, String> tags = tags(labels);
        params.log(run.id(), given);
        if (!values.isEmpty()) {
            metrics.log(run.id(), values);
        }
        tag(workspace, run, tags);
        return Json.object();
    }

    @GetMapping("/get-run-data-status")
    ObjectNode status(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        access.readable(workspace, Asked.of(query).runId());
        return Json.object().put("is_complete", true);
    }

    @PostMapping("/set-tag")
    ObjectNode setTag(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        RunView run = access.active(workspace, asked.runId());
        tag(workspace, run, tags(List.of(asked)));
        return Json.object();
    }

    @PostMapping("/delete-tag")
    ObjectNode deleteTag(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        RunView run = access.active(workspace, asked.runId());
        String key = asked.require("key");
        if (!run.tags().values().containsKey(key)) {
            throw MlflowErrors.missing("No tag with name: %s in run with id %s".formatted(key, run.runId()));
        }
        runs.untag(workspace.id(), run.runId(), key);
        return Json.object();
    }

    /** MLflow before 3 keeps a list of the run's models in a tag. */
    @PostMapping("/log-model")
    ObjectNode model(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        RunView run = access.active(workspace, asked.runId());
        ObjectNode model = parsed(asked.require("model_json"), ObjectNode.class)
                .orElseThrow(() ->
                        MlflowErrors.invalid("Malformed model info: 'model_json' must be the JSON of an object."));
        for (String member : List.of("artifact_path", "flavors", "utc_time_created")) {
            if (!model.has(member)) {
                throw MlflowErrors.invalid("Model json is missing mandatory fields: %s".formatted(member));
            }
        }
        ArrayNode history = Optional.ofNullable(run.tags().values().get(HISTORY))
                .flatMap(text -> parsed(text, ArrayNode.class))
                .orElseGet(Json::array);
        history.add(model);
        tag(workspace, run, Map.of(HISTORY, Json.text(history)));
        return Json.object();
    }

    @PostMapping("/log-inputs")
    ObjectNode inputs(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        List<Asked> datasets = asked.messages("datasets");
        Limits.count("datasets", datasets.size(), Limits.DATASETS);
        RunView run = access.active(workspace, asked.runId());
        inputs.log(run.id(), datasets.stream().map(RunInputs.DatasetInput::read).toList(), models(asked, false));
        return Json.object();
    }

    @PostMapping("/outputs")
    ObjectNode outputs(Workspace workspace, @Body ObjectNode body) {
        Asked asked = Asked.of(body);
        RunView run = access.active(workspace, asked.runId());
        inputs.log(run.id(), List.of(), models(asked, true));
        return Json.object();
    }

    private static List<RunInputs.Model> models(Asked asked, boolean output) {
        List<RunInputs.Model> models = new ArrayList<>();
        for (Asked model : asked.messages("models")) {
            models.add(new RunInputs.Model(
                    LoggedModels.checkId(model.require("model_id")),
                    output,
                    model.whole("step").orElse(0L)));
        }
        Limits.count("models", models.size(), Limits.DATASETS);
        return models;
    }

    private void tag(Workspace workspace, RunView run, Map<String, String> tags) {
        Map<String, String> left = new LinkedHashMap<>(tags);
        Optional.ofNullable(left.remove(RunTags.NAME))
                .filter(name -> !name.isEmpty())
                .ifPresent(name -> runs.name(workspace.id(), run.runId(), name));
        Optional.ofNullable(left.remove(RunTags.NOTE))
                .ifPresent(note -> runs.describe(workspace.id(), run.runId(), note));
        // Whose child it is was said when it was made.
        RunTags.DERIVED.forEach(left::remove);
        if (!left.isEmpty()) {
            runs.tag(workspace.id(), run.runId(), new Attributes(new LinkedHashMap<>(left)));
        }
    }

    /** By key; the last of one key counts. */
    static Map<String, String> tags(List<Asked> labels) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Asked label : labels) {
            tags.put(Limits.key(label, "key", "Tag key"), label.text("value").orElse(""));
        }
        return tags;
    }

    private static Metrics.Scalar scalar(Asked asked) {
        String key = Limits.key(asked, "key", "Metric name");
        return new Metrics.Scalar(
                key,
                asked.number("value").orElseThrow(() -> asked.lacking("value")),
                asked.time("timestamp").orElseThrow(() -> asked.lacking("timestamp")),
                asked.whole("step").orElse(0L));
    }

    private static <T extends JsonNode> Optional<T> parsed(String text, Class<T> type) {
        try {
            JsonNode node = Json.mapper().readTree(text);
            return type.isInstance(node) ? Optional.of(type.cast(node)) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
