package dev.malachite.server.compute;

import dev.malachite.engine.ComputeKind.External.Service;
import dev.malachite.engine.Target;
import dev.malachite.server.web.Json;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Kubernetes clusters of AKS or Arc: attached with a namespace. */
@Component
class KubernetesWire extends ExternalWire {

    KubernetesWire(Attachments attachments) {
        super(
                attachments,
                Service.KUBERNETES,
                List.of("Microsoft.ContainerService/managedClusters", "Microsoft.Kubernetes/connectedClusters"));
    }

    @Override
    public List<String> secrets() {
        return List.of("relayConnectionString", "serviceBusConnectionString");
    }

    @Override
    public void settings(ObjectNode inner, Target target) {
        inner.put(
                "namespace",
                Json.string(inner, "namespace").filter(name -> !name.isBlank()).orElse("default"));
    }
}
