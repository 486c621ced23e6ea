package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.server.resource.ArmId;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Batch AI clusters, which AmlCompute followed: clusters to the engine, in words of their own on the wire (azureml-core
 * 0.1.68). One that is attached by its id is a cluster too, as it was declared: Batch AI itself is not part of the emulator.
 */
@Component
class BatchAiWire implements WireKind {

    static final String TYPE = "BatchAI";

    /** Clusters had no workspaces of their own at first; the SDK takes both forms. */
    private static final List<String> RESOURCES =
            List.of("Microsoft.BatchAI/clusters", "Microsoft.BatchAI/workspaces/clusters");

    /** What an id stands for of which nothing was declared. */
    private static final String SIZE = "STANDARD_D2_V2";

    private final AmlComputeWire clusters;
    private final Attachments attachments;

    BatchAiWire(AmlComputeWire clusters, Attachments attachments) {
        this.clusters = clusters;
        this.attachments = attachments;
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
        Optional<ArmId> attached = attachments.named(resource, RESOURCES);
        if (attached.isPresent()) {
            return clusters.read(workspace, created(attachments.declared(attached.map(ArmId::text))));
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

    /** Says of an existing cluster, in Batch AI's words, what a new one like it would be asked for. */
    private static ObjectNode created(ObjectNode declared) {
        ObjectNode resource = Json.object();
        ObjectNode cluster = resource.putObject("properties").putObject("properties");
        cluster.put("vmSize", Json.string(declared, "vmSize").orElse(SIZE));
        cluster.put("vmPriority", Json.string(declared, "vmPriority").orElse("dedicated"));
        ObjectNode settings = Json.objectAt(declared, "scaleSettings");
        JsonNode automatic = Json.member(settings, "autoScale");
        JsonNode target = Json.member(Json.objectAt(settings, "manual"), "targetNodeCount");
        ObjectNode scale = cluster.putObject("scaleSettings");
        if (automatic.isObject()) {
            scale.set("minNodeCount", Json.member(automatic, "minimumNodeCount"));
            scale.set("maxNodeCount", Json.member(automatic, "maximumNodeCount"));
        } else if (target.isInt()) {
            scale.set("minNodeCount", target);
            scale.set("maxNodeCount", target);
        } else {
            scale.put("minNodeCount", 0).put("maxNodeCount", 1);
        }
        return resource;
    }

    @Override
    public boolean attached(Target target) {
        return attachedId(target.document()).isPresent();
    }

    private static Optional<String> attachedId(String document) {
        return Json.string(Json.objectAt(Json.parse(document), "properties"), "resourceId")
                .filter(text -> !text.isBlank());
    }

    @Override
    public List<FixedField> fixed() {
        return List.of(FixedField.of("properties.resourceId"));
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
