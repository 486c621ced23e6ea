package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.ComputeKind.External.Service;
import dev.malachite.engine.Target;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * AKS clusters for deployments: made or attached. Defaults are azureml-core's documented ones; its update asks for
 * {@code sslConfiguration}, and its reading for the others, without asking whether they are there.
 */
@Component
class AksWire extends ExternalWire {

    private static final String SSL = "sslConfiguration";
    private static final int AGENTS = 3;

    /** Few enough for any pool (AKS, quotas and limits: 1,000 nodes of a pool). */
    private static final int MAX_AGENTS = 1_000;

    AksWire(Attachments attachments) {
        super(attachments, Service.AKS, List.of("Microsoft.ContainerService/managedClusters"));
    }

    @Override
    void requireCreatable(ObjectNode inner) {
        // It can be made: nothing of it is asked for.
    }

    @Override
    void check(ObjectNode inner) {
        JsonNode agents = Json.member(inner, "agentCount");
        if (!agents.isMissingNode()
                && !agents.isNull()
                && (!agents.isInt() || agents.intValue() < 1 || agents.intValue() > MAX_AGENTS)) {
            throw new AzureException(Errors.invalidParameter(
                    "properties.properties.agentCount",
                    "a whole number from 1 to %d is expected, not %s.".formatted(MAX_AGENTS, agents)));
        }
        Json.string(inner, "clusterPurpose")
                .filter(purpose -> !List.of("FastProd", "DenseProd", "DevTest").contains(purpose))
                .ifPresent(purpose -> {
                    throw new AzureException(Errors.invalidParameter(
                            "properties.properties.clusterPurpose",
                            "it is FastProd, DenseProd or DevTest, not '%s'.".formatted(purpose)));
                });
    }

    @Override
    public List<String> secrets() {
        return List.of("key");
    }

    @Override
    public void settings(ObjectNode inner, Target target) {
        ObjectNode declared = declared(target);
        JsonNode pool = Json.member(declared, "agentPoolProfiles").path(0);
        orElse(inner, "agentCount", Json.member(pool, "count"), AGENTS);
        orElse(inner, "agentVmSize", Json.member(pool, "vmSize"), "Standard_D3_v2");
        orElse(inner, "clusterPurpose", Json.member(inner, "clusterPurpose"), "FastProd");
        orElse(inner, "loadBalancerType", Json.member(inner, "loadBalancerType"), "PublicIp");
        ComputeView.present(inner, "loadBalancerSubnet");
        ComputeView.present(inner, SSL);
        inner.set("clusterFqdn", Json.member(declared, "fqdn").isString() ? Json.member(declared, "fqdn") : null);
        inner.putArray("systemServices");
    }

    private static void orElse(ObjectNode inner, String name, JsonNode declared, Object standard) {
        if (!inner.hasNonNull(name)) {
            inner.set(
                    name,
                    declared.isValueNode() && !declared.isNull()
                            ? declared
                            : Json.mapper().valueToTree(standard));
        }
    }

    /** A cluster of AKS is no part of the emulator: it has nothing that would open one. */
    @Override
    public ObjectNode keys(Target target) {
        return Json.object()
                .put("computeType", type())
                .putNull("userKubeConfig")
                .putNull("adminKubeConfig")
                .putNull("imagePullSecretName");
    }
}
