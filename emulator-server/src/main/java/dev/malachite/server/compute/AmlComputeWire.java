package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Node;
import dev.malachite.engine.NodePhase;
import dev.malachite.engine.Scale;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetError;
import dev.malachite.engine.VmPriority;
import dev.malachite.engine.VmSize;
import dev.malachite.server.login.NodeDoors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Clusters on the wire, and serverless compute, which is shown as the cluster that it is for a while. */
@Component
class AmlComputeWire implements WireKind {

    /** What a null idle time means: the service's own default is in no source; 120 s is what the v2 SDK sends. */
    private static final Duration DEFAULT_IDLE = Duration.ofMinutes(2);

    private static final Duration LONGEST_IDLE = Duration.ofDays(365);

    private final VmSizes sizes;
    private final ComputeSettings bounds;
    private final NodeDoors doors;

    AmlComputeWire(VmSizes sizes, ComputeSettings bounds, NodeDoors doors) {
        this.doors = doors;
        this.sizes = sizes;
        this.bounds = bounds;
    }

    @Override
    public String type() {
        return "AmlCompute";
    }

    @Override
    public String article() {
        return "a cluster";
    }

    @Override
    public boolean covers(ComputeKind kind) {
        return kind instanceof ComputeKind.AmlCompute || kind instanceof ComputeKind.Serverless;
    }

    private static ComputeKind.AmlCompute cluster(Target target) {
        return target.kind() instanceof ComputeKind.Serverless serverless
                ? serverless.cluster()
                : (ComputeKind.AmlCompute) target.kind();
    }

    /**
     * Size and priority are the engine's. Of the others, who manages clusters as code makes them anew for a change
     * (azurerm_machine_learning_compute_cluster).
     */
    @Override
    public List<FixedField> fixed() {
        return List.of(
                FixedField.of("location"),
                FixedField.of("properties.properties.osType").standard("Linux"),
                FixedField.of("properties.properties.subnet.id"),
                FixedField.of("properties.properties.isolatedNetwork").standard("false"),
                FixedField.of("properties.properties.enableNodePublicIp").standard("true"),
                FixedField.of("properties.properties.remoteLoginPortPublicAccess")
                        .unsaid("NotSpecified")
                        // What the v2 SDK sends back of a cluster that was made without a word about it.
                        .standard("Disabled"),
                FixedField.of("properties.properties.userAccountCredentials.adminUserName"),
                FixedField.of("properties.properties.userAccountCredentials.adminUserSshPublicKey"),
                FixedField.of("properties.properties.userAccountCredentials.adminUserPassword"));
    }

    @Override
    public List<String> secrets() {
        return List.of("adminUserPassword");
    }

    @Override
    public void settings(ObjectNode inner, Target target) {
        ComputeKind.AmlCompute cluster = cluster(target);
        inner.put("vmSize", cluster.size().name().toUpperCase(Locale.ROOT));
        inner.put("vmPriority", cluster.priority().wire());
        inner.put("osType", Json.string(inner, "osType").orElse("Linux"));
        Scale scale = cluster.scale();
        inner.putObject("scaleSettings")
                .put("minNodeCount", scale.min())
                .put("maxNodeCount", scale.max())
                .put("nodeIdleTimeBeforeScaleDown", "PT" + scale.idle().toSeconds() + "S");
        ComputeView.present(inner, "subnet");
        if (!inner.has("remoteLoginPortPublicAccess")) {
            inner.put("remoteLoginPortPublicAccess", "NotSpecified");
        }
    }

    @Override
    public void live(ObjectNode inner, Target target, State state) {
        Collection<Node> nodes = state.nodesOf(target.id());
        inner.put("allocationState", target.resizing() ? "Resizing" : "Steady");
        inner.put("allocationStateTransitionTime", target.allocationSince().toString());
        inner.put("currentNodeCount", nodes.size());
        long wanted =
                nodes.stream().filter(node -> node.phase() != NodePhase.LEAVING).count();
        inner.put("targetNodeCount", Math.max(wanted, cluster(target).scale().min()));
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

    /** Recorded traffic. */
    @Override
    public List<String> unknownAtFirst() {
        return List.of(
                "errors",
                "allocationState",
                "allocationStateTransitionTime",
                "currentNodeCount",
                "targetNodeCount",
                "nodeStateCounts");
    }

    @Override
    public ObjectNode nodes(Target target, State state) {
        ObjectNode page = Json.object();
        ArrayNode nodes = page.putArray("nodes");
        state.nodesOf(target.id()).forEach(node -> nodes.add(node(node)));
        return page.put("computeType", type());
    }

    private ObjectNode node(Node node) {
        OptionalInt door = doors.port(node);
        return Json.object()
                .put("nodeId", node.id().value())
                .put("nodeState", node.phase().name().toLowerCase(Locale.ROOT))
                .put("port", door.orElse(NodeDoors.usual(node)))
                .put("publicIpAddress", door.isPresent() ? doors.address() : null)
                .put("privateIpAddress", "10.0.0." + (4 + node.slot()))
                .put("runId", node.job().map(job -> job.run()).orElse(null));
    }

    @Override
    public ComputeKind read(Workspace workspace, ObjectNode resource) {
        ObjectNode cluster = ComputeReader.required(ComputeReader.required(resource, "properties"), "properties");
        String wanted = Json.string(cluster, "vmSize")
                .orElseThrow(() -> new AzureException(Errors.invalidParameter(
                        "properties.properties.vmSize",
                        "the name of a size is required, not %s.".formatted(shown(Json.member(cluster, "vmSize"))))));
        VmSize size = sizes.forCluster(wanted, workspace.location())
                .orElseThrow(() -> ComputeReader.invalid(
                        "InvalidVmSize",
                        "The VM size '%s' is not supported for clusters in this region. The vmSizes list has those that are."
                                .formatted(wanted)));
        VmPriority priority = priority(Json.member(cluster, "vmPriority"));
        if (priority == VmPriority.LOW_PRIORITY && !sizes.lowPriorityCapable(size)) {
            throw ComputeReader.invalid(
                    "InvalidVmPriority", "The VM size '%s' cannot be had with low priority.".formatted(size.name()));
        }
        return new ComputeKind.AmlCompute(size, priority, scale(ComputeReader.required(cluster, "scaleSettings")));
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.toString();
    }

    private static VmPriority priority(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return VmPriority.DEDICATED;
        }
        String text = value.isString() ? value.stringValue().toLowerCase(Locale.ROOT) : "";
        return switch (text) {
            case "dedicated" -> VmPriority.DEDICATED;
            case "lowpriority" -> VmPriority.LOW_PRIORITY;
            default ->
                throw new AzureException(Errors.invalidParameter(
                        "properties.properties.vmPriority",
                        "it is 'Dedicated' or 'LowPriority', not %s.".formatted(value)));
        };
    }

    private Scale scale(ObjectNode settings) {
        String path = "properties.properties.scaleSettings.";
        JsonNode max = Json.member(settings, "maxNodeCount");
        if (max.isMissingNode() || max.isNull()) {
            throw new AzureException(Errors.invalidParameter(path + "maxNodeCount", "it is required."));
        }
        int most = count(max, path + "maxNodeCount");
        JsonNode min = Json.member(settings, "minNodeCount");
        int least = min.isMissingNode() || min.isNull() ? 0 : count(min, path + "minNodeCount");
        if (least > most) {
            throw new AzureException(Errors.invalidParameter(
                    path + "minNodeCount", "%d is more than the maxNodeCount of %d.".formatted(least, most)));
        }
        if (most > bounds.maxNodesPerCluster()) {
            throw new AzureException(Errors.invalidParameter(
                    path + "maxNodeCount",
                    "%d is more than the %d nodes that a cluster may have."
                            .formatted(most, bounds.maxNodesPerCluster())));
        }
        return new Scale(least, most, idle(Json.member(settings, "nodeIdleTimeBeforeScaleDown")));
    }

    private static int count(JsonNode value, String path) {
        if (!value.isInt() || value.intValue() < 0) {
            throw new AzureException(
                    Errors.invalidParameter(path, "a whole number of 0 or more is expected, not %s.".formatted(value)));
        }
        return value.intValue();
    }

    /** azureml-core sends an empty string for none. */
    private static Duration idle(JsonNode value) {
        if (value.isMissingNode()
                || value.isNull()
                || (value.isString() && value.stringValue().isEmpty())) {
            return DEFAULT_IDLE;
        }
        try {
            Duration idle = Duration.parse(value.isString() ? value.stringValue() : "");
            if (!idle.isNegative() && idle.compareTo(LONGEST_IDLE) <= 0) {
                return idle;
            }
        } catch (DateTimeParseException e) {
            // falls through to the one message for both
        }
        throw new AzureException(Errors.invalidParameter(
                "properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown",
                "an ISO 8601 duration of at most 365 days, such as 'PT120S', is expected, not %s.".formatted(value)));
    }
}
