package dev.malachite.server.compute;

import dev.malachite.engine.ComputeKind.External.Service;
import dev.malachite.engine.Target;
import dev.malachite.server.resource.ArmId;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Spark pools of Synapse: attached by their id; their sizes are those that the pool was declared with. */
@Component
class SynapseSparkWire extends ExternalWire {

    /** What a pool calls it, and what a compute does. */
    private static final Map<String, String> SIZES = Map.of(
            "autoScale", "autoScaleProperties",
            "autoPause", "autoPauseProperties",
            "sparkVersion", "sparkVersion",
            "nodeCount", "nodeCount",
            "nodeSize", "nodeSize",
            "nodeSizeFamily", "nodeSizeFamily");

    SynapseSparkWire(Attachments attachments) {
        super(attachments, Service.SYNAPSE_SPARK, List.of("Microsoft.Synapse/workspaces/bigDataPools"));
    }

    @Override
    public void settings(ObjectNode inner, Target target) {
        resource(target)
                .flatMap(ArmId::parse)
                .ifPresent(id -> inner.put("subscriptionId", id.subscription())
                        .put("resourceGroup", id.group())
                        .put("workspaceName", id.text().split("/", -1)[8])
                        .put("poolName", id.name()));
        ObjectNode pool = declared(target);
        SIZES.forEach((name, shown) -> {
            JsonNode value = Json.member(pool, name);
            if (!value.isMissingNode()) {
                inner.set(shown, value);
            }
        });
    }
}
