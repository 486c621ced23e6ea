package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.ComputeKind.External.Service;
import dev.malachite.engine.Target;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Data Explorer clusters: attached with a service principal; only azureml-core knows them. */
@Component
class KustoWire extends ExternalWire {

    private final ComputeKeys keys;

    KustoWire(Attachments attachments, ComputeKeys keys) {
        super(attachments, Service.KUSTO, List.of("Microsoft.Kusto/clusters"));
        this.keys = keys;
    }

    @Override
    void check(ObjectNode inner) {
        require(inner, "kustoConnectionString", "");
        ObjectNode principal = Json.objectAt(inner, "servicePrincipalCredentials");
        for (String name : List.of("clientId", "secret", "tenantId")) {
            require(principal, name, "servicePrincipalCredentials.");
        }
    }

    private static void require(ObjectNode object, String name, String above) {
        if (Json.string(object, name).filter(text -> !text.isBlank()).isEmpty()) {
            throw new AzureException(
                    Errors.invalidParameter("properties.properties." + above + name, "it is required."));
        }
    }

    @Override
    public List<String> secrets() {
        return List.of("secret");
    }

    @Override
    public ObjectNode keys(Target target) {
        return keys.of(target).put("computeType", type());
    }
}
