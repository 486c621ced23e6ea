package dev.malachite.server.pipeline;

import dev.malachite.api.Errors;
import dev.malachite.server.asset.AssetKind;
import dev.malachite.server.asset.AssetReferences;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads pipelines and the components that their steps name, and refuses those that could never run. */
@Service
class PipelineReader {

    private static final int MOST_STEPS = 500;

    /** Kinds of nodes that are not run here, and what to write instead. */
    private static final Map<String, String> UNSUPPORTED = Map.ofEntries(
            Map.entry("automl", "use a command or a sweep step"),
            Map.entry("spark", "use a command step whose environment has pyspark"),
            Map.entry("parallel", "use a command step that goes over its input itself"),
            Map.entry("data_transfer", "use a command step that copies its input to its output"),
            Map.entry("import", "register the data as an asset and take it as an input"),
            Map.entry("if_else", "decide in a command step"),
            Map.entry("do_while", "loop in a command step"),
            Map.entry("parallel_for", "write a step for each"));

    private final AssetReferences assets;

    PipelineReader(AssetReferences assets) {
        this.assets = assets;
    }

    Pipeline read(Workspace workspace, String run, ObjectNode properties) {
        ObjectNode jobs = Json.objectAt(properties, "jobs");
        ObjectNode declared = Json.object();
        String component = Json.string(properties, "componentId").orElse("");
        if (jobs.isEmpty() && !component.isBlank()) {
            ObjectNode spec = component(workspace, component);
            jobs = Json.objectAt(spec, "jobs");
            declared = Json.objectAt(spec, "inputs");
        }
        if (jobs.isEmpty()) {
            throw new AzureException(Errors.userError("The pipeline has no step."));
        }
        if (jobs.size() > MOST_STEPS) {
            throw new AzureException(
                    Errors.userError("The pipeline has %d steps; %d are allowed.".formatted(jobs.size(), MOST_STEPS)));
        }
        Map<String, Step> steps = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> job : jobs.properties()) {
            if (!(job.getValue() instanceof ObjectNode node)) {
                throw new AzureException(Errors.invalidParameter("jobs." + job.getKey(), "an object is expected."));
            }
            steps.put(job.getKey(), step(workspace, job.getKey(), node));
        }
        Pipeline pipeline = new Pipeline(run, properties, steps, declared);
        checkOrder(pipeline);
        return pipeline;
    }

    private Step step(Workspace workspace, String name, ObjectNode node) {
        String type = Json.string(node, "type").orElse("command").toLowerCase(Locale.ROOT);
        String wayOut = UNSUPPORTED.get(type.startsWith("data_transfer") ? "data_transfer" : type);
        if (wayOut != null) {
            throw unsupported(name, type, wayOut);
        }
        String id = Json.string(node, "componentId")
                .or(() -> Json.string(node, "component"))
                .or(() -> Json.string(node, "trial"))
                .or(() -> Json.string(Json.objectAt(node, "trial"), "componentId"))
                .orElseThrow(() -> new AzureException(
                        Errors.userError("Step '%s' of the pipeline names no component.".formatted(name))));
        ObjectNode spec = component(workspace, id);
        String made = Json.string(spec, "type").orElse("command").toLowerCase(Locale.ROOT);
        return switch (made) {
            case "command", "commandcomponent" ->
                new Step(name, type.equals("sweep") ? Step.Kind.SWEEP : Step.Kind.COMMAND, node, id, spec);
            case "pipeline" -> new Step(name, Step.Kind.PIPELINE, node, id, spec);
            default ->
                throw unsupported(
                        name,
                        made,
                        UNSUPPORTED.getOrDefault(
                                made.startsWith("data_transfer") ? "data_transfer" : made, "use a command step"));
        };
    }

    private static AzureException unsupported(String step, String type, String wayOut) {
        return new AzureException(Errors.userError(
                "Step '%s' of the pipeline is of type '%s', which is not supported by this version of Malachite; %s."
                        .formatted(step, type, wayOut)));
    }

    private ObjectNode component(Workspace workspace, String id) {
        return Json.objectAt(
                assets.require(workspace, Words.id(id), AssetKind.COMPONENT).document(), "componentSpec");
    }

    /** Each step must have its turn sometime: what it waits for exists, and does not wait for it. */
    private static void checkOrder(Pipeline pipeline) {
        Set<String> done = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (Step step : pipeline.steps().values()) {
                step.after().forEach(pipeline::step);
                more |= !done.contains(step.name()) && done.containsAll(step.after()) && done.add(step.name());
            }
        }
        pipeline.steps().keySet().stream()
                .filter(name -> !done.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new AzureException(
                            Errors.userError("Step '%s' of the pipeline waits for itself.".formatted(name)));
                });
    }
}
