package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.ComputeKind.External.Service;
import dev.malachite.engine.Target;
import dev.malachite.server.resource.ArmId;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Databricks workspaces: attached with an access token. */
@Component
class DatabricksWire extends ExternalWire {

    private static final String TOKEN = "databricksAccessToken";

    private final ComputeKeys keys;

    DatabricksWire(Attachments attachments, ComputeKeys keys) {
        super(attachments, Service.DATABRICKS, List.of("Microsoft.Databricks/workspaces"));
        this.keys = keys;
    }

    /** Document 001: "The Databricks workspace needs to be in the same subscription as your AML workspace". */
    @Override
    void check(Workspace workspace, ArmId id) {
        if (!id.subscription().equalsIgnoreCase(workspace.ref().subscription())) {
            throw new AzureException(Errors.userError(
                    "The Databricks workspace '%s' needs to be in the same subscription as the workspace '%s'."
                            .formatted(id.text(), workspace.name())));
        }
    }

    @Override
    void check(ObjectNode inner) {
        if (Json.string(inner, TOKEN).filter(token -> !token.isBlank()).isEmpty()) {
            throw new AzureException(Errors.invalidParameter("properties.properties." + TOKEN, "it is required."));
        }
    }

    @Override
    public List<String> secrets() {
        return List.of(TOKEN);
    }

    @Override
    public void settings(ObjectNode inner, Target target) {
        inner.put("workspaceUrl", Json.string(declared(target), "workspaceUrl").orElse(null));
    }

    @Override
    public ObjectNode keys(Target target) {
        return keys.of(target).put("computeType", type());
    }
}
