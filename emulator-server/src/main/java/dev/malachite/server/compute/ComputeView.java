package dev.malachite.server.compute;

import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Fault;
import dev.malachite.engine.Node;
import dev.malachite.engine.NodePhase;
import dev.malachite.engine.Provisioning;
import dev.malachite.engine.Scale;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetError;
import dev.malachite.engine.VmPriority;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.Collection;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A target as the service shows it: what the client sent, and over it what is so now. */
final class ComputeView {

    private static final String TYPE = "Microsoft.MachineLearningServices/workspaces/computes";

    private ComputeView() {}

    /** What GET answers. */
    static ObjectNode of(Workspace workspace, Target target, State state) {
        ObjectNode resource = frame(workspace, target);
        ObjectNode properties = (ObjectNode) resource.get("properties");
        properties.put(
                "provisioningState",
                Fault.hasFailed(state, target.id()) ? "Failed" : provisioning(target.provisioning()));
        ObjectNode inner = (ObjectNode) properties.get("properties");
        switch (target.kind()) {
            case ComputeKind.AmlCompute cluster -> live(inner, target, cluster, state.nodesOf(target.id()));
            case ComputeKind.Serverless serverless ->
                live(inner, target, serverless.cluster(), state.nodesOf(target.id()));
        }
        return resource;
    }

    /** What PUT answers, for a new compute and for a changed one: nothing is known yet of its nodes (recorded traffic). */
    static ObjectNode creating(Workspace workspace, Target target) {
        ObjectNode resource = frame(workspace, target);
        ObjectNode properties = (ObjectNode) resource.get("properties");
        properties.put("provisioningState", "Creating");
        ObjectNode inner = (ObjectNode) properties.get("properties");
        inner.putNull("errors");
        inner.putNull("allocationState");
        inner.putNull("allocationStateTransitionTime");
        inner.putNull("currentNodeCount");
        inner.putNull("targetNodeCount");
        inner.putNull("nodeStateCounts");
        return resource;
    }

    static ObjectNode node(Node node) {
        return Json.object()
                .put("nodeId", node.id().value())
                .put("nodeState", node.phase().name().toLowerCase(Locale.ROOT))
                .put("port", 50000 + node.slot())
                .putNull("publicIpAddress")
                .put("privateIpAddress", "10.0.0." + (4 + node.slot()))
                .put("runId", node.job().map(job -> job.run()).orElse(null));
    }

    private static ObjectNode frame(Workspace workspace, Target target) {
        ObjectNode stored = Json.parse(target.document());
        ObjectNode resource = Json.object();
        resource.put("id", workspace.armId() + "/computes/" + target.displayName());
        resource.put("name", target.displayName());
        resource.put("type", TYPE);
        String location = Json.string(stored, "location").orElse(workspace.location());
        resource.put("location", location);
        resource.set("tags", Json.member(stored, "tags").isObject() ? Json.member(stored, "tags") : Json.object());
        if (Json.member(stored, "identity") instanceof ObjectNode identity) {
            resource.set("identity", ComputeIdentity.shown(identity, target));
        }
        ObjectNode properties = Json.objectAt(stored, "properties").deepCopy();
        properties.put(
                "computeLocation", Json.string(properties, "computeLocation").orElse(location));
        properties.put("provisioningState", "");
        properties.put("createdOn", target.createdOn().toString());
        properties.put("modifiedOn", target.modifiedOn().toString());
        present(properties, "description");
        present(properties, "resourceId");
        properties.putNull("provisioningErrors");
        properties.put("isAttachedCompute", false);
        resource.set("properties", properties);
        ObjectNode inner =
                properties.get("properties") instanceof ObjectNode object ? object : properties.putObject("properties");
        switch (target.kind()) {
            case ComputeKind.AmlCompute cluster -> settings(inner, cluster);
            case ComputeKind.Serverless serverless -> settings(inner, serverless.cluster());
        }
        return resource;
    }

    private static void settings(ObjectNode inner, ComputeKind.AmlCompute cluster) {
        inner.put("vmSize", cluster.size().name().toUpperCase(Locale.ROOT));
        inner.put("vmPriority", cluster.priority() == VmPriority.LOW_PRIORITY ? "LowPriority" : "Dedicated");
        inner.put("osType", Json.string(inner, "osType").orElse("Linux"));
        Scale scale = cluster.scale();
        inner.putObject("scaleSettings")
                .put("minNodeCount", scale.min())
                .put("maxNodeCount", scale.max())
                .put("nodeIdleTimeBeforeScaleDown", "PT" + scale.idle().toSeconds() + "S");
        present(inner, "subnet");
        if (!inner.has("remoteLoginPortPublicAccess")) {
            inner.put("remoteLoginPortPublicAccess", "NotSpecified");
        }
    }

    private static void live(ObjectNode inner, Target target, ComputeKind.AmlCompute cluster, Collection<Node> nodes) {
        inner.put("allocationState", target.resizing() ? "Resizing" : "Steady");
        inner.put("allocationStateTransitionTime", target.allocationSince().toString());
        inner.put("currentNodeCount", nodes.size());
        long wanted =
                nodes.stream().filter(node -> node.phase() != NodePhase.LEAVING).count();
        inner.put("targetNodeCount", Math.max(wanted, cluster.scale().min()));
        ObjectNode counts = inner.putObject("nodeStateCounts");
        for (NodePhase phase : NodePhase.values()) {
            counts.put(
                    phase.name().toLowerCase(Locale.ROOT) + "NodeCount",
                    nodes.stream().filter(node -> node.phase() == phase).count());
        }
        if (target.errors().isEmpty()) {
            inner.putNull("errors");
        } else {
            ArrayNode errors = inner.putArray("errors");
            for (TargetError error : target.errors()) {
                errors.addObject().putObject("error").put("code", error.code()).put("message", error.message());
            }
        }
    }

    /** The v1 SDK reads these keys without asking whether they are there. */
    private static void present(ObjectNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            object.putNull(name);
        }
    }

    private static String provisioning(Provisioning provisioning) {
        return switch (provisioning) {
            case SUCCEEDED -> "Succeeded";
            case DELETING -> "Deleting";
            case FAILED -> "Failed";
        };
    }
}
