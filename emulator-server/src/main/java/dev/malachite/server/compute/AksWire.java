package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.ComputeKind.External.Service;
import dev.malachite.engine.Target;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Locale;
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

    /**
     * A cluster of AKS is no part of the emulator: the files say where it is, as AKS's own do, and bear nothing that would
     * open it. A name for pulling images is the extension's within the cluster, so there is none.
     */
    @Override
    public ObjectNode keys(Target target) {
        String server = Json.string(declared(target), "fqdn")
                .orElseGet(() -> "%s.hcp.%s.azmk8s.io"
                        .formatted(
                                target.id().name().toLowerCase(Locale.ROOT),
                                target.scope().location()));
        return Json.object()
                .put("computeType", type())
                .put("userKubeConfig", kubeConfig(target.displayName(), server, "clusterUser"))
                .put("adminKubeConfig", kubeConfig(target.displayName(), server, "clusterAdmin"))
                .putNull("imagePullSecretName");
    }

    private static String kubeConfig(String cluster, String server, String user) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: %1$s
                  cluster:
                    server: https://%2$s:443
                users:
                - name: %3$s_%1$s
                  user: {}
                contexts:
                - name: %1$s
                  context:
                    cluster: %1$s
                    user: %3$s_%1$s
                current-context: %1$s
                preferences: {}
                """.formatted(cluster, server, user);
    }
}
