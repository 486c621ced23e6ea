package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Batch AI clusters, which AmlCompute followed: clusters to the engine, in words of their own on the wire (azureml-core
 * 0.1.68).
 */
@Component
class BatchAiWire implements WireKind {

    static final String TYPE = "BatchAI";

    private final AmlComputeWire clusters;

    BatchAiWire(AmlComputeWire clusters) {
        this.clusters = clusters;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String article() {
        return "a Batch AI cluster";
    }

    @Override
    public boolean covers(ComputeKind kind) {
        return kind instanceof ComputeKind.AmlCompute;
    }

    @Override
    public ComputeKind read(Workspace workspace, ObjectNode resource) {
        ObjectNode properties = ComputeReader.required(resource, "properties");
        JsonNode attached = Json.member(properties, "resourceId");
        if (attached.isString() && !attached.stringValue().isBlank()) {
            throw ComputeReader.invalid(
                    "ResourceNotFound",
                    "The Resource '%s' was not found: Malachite has no Batch AI clusters but those of its workspaces."
                            .formatted(attached.stringValue()));
        }
        ComputeKind kind = clusters.read(workspace, resource);
        ObjectNode scale = Json.objectAt(Json.objectAt(properties, "properties"), "scaleSettings");
        if (kind instanceof ComputeKind.AmlCompute cluster
                && !isAutomatic(scale)
                && cluster.scale().min() != cluster.scale().max()) {
            throw new AzureException(Errors.invalidParameter(
                    "properties.properties.scaleSettings",
                    "where autoScaleEnabled is false, minNodeCount and maxNodeCount are the same."));
        }
        return kind;
    }

    private static boolean isAutomatic(ObjectNode scale) {
        return Json.member(scale, "autoScaleEnabled").asBoolean(true);
    }

    @Override
    public void settings(ObjectNode inner, Target target) {
        boolean automatic = isAutomatic(Json.objectAt(inner, "scaleSettings"));
        clusters.settings(inner, target);
        inner.put("vmPriority", inner.path("vmPriority").asString("").toLowerCase(Locale.ROOT));
        ObjectNode scale = Json.objectAt(inner, "scaleSettings");
        scale.remove("nodeIdleTimeBeforeScaleDown");
        scale.put("autoScaleEnabled", automatic);
    }

    @Override
    public void live(ObjectNode inner, Target target, State state) {
        clusters.live(inner, target, state);
    }

    @Override
    public List<String> unknownAtFirst() {
        return clusters.unknownAtFirst();
    }

    @Override
    public ObjectNode nodes(Target target, State state) {
        return clusters.nodes(target, state).put("computeType", TYPE);
    }
}
