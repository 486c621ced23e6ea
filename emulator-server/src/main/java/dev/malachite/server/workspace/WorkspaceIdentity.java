package dev.malachite.server.workspace;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Directory;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** The ids that the service gives a workspace's identities: once, and for good. */
final class WorkspaceIdentity {

    private static final int MOST_OF_THE_USER = 100;

    private WorkspaceIdentity() {}

    /**
     * Completes the document's identity.
     *
     * @param before what it was until now; empty for a new workspace
     */
    static void give(ObjectNode document, ObjectNode before) {
        ObjectNode identity = Json.member(document, "identity") instanceof ObjectNode sent
                ? sent
                : document.putObject("identity").put("type", "SystemAssigned");
        if (Json.string(identity, "type").orElse("").toLowerCase(Locale.ROOT).contains("systemassigned")) {
            String principal = Json.string(before, "principalId")
                    .or(() -> Json.string(identity, "principalId"))
                    .orElseGet(() -> UUID.randomUUID().toString());
            String tenant = Json.string(before, "tenantId")
                    .or(() -> Json.string(identity, "tenantId"))
                    .orElse(Directory.TENANT);
            identity.put("principalId", principal).put("tenantId", tenant);
        }
        if (identity.get("userAssignedIdentities") instanceof ObjectNode ids) {
            ofTheUser(ids);
        }
    }

    /** One that is null is taken away, as Azure Resource Manager has it; clients fail over one without ids. */
    private static void ofTheUser(ObjectNode ids) {
        for (String id : List.copyOf(ids.propertyNames())) {
            if (ids.path(id).isNull()) {
                ids.remove(id);
            } else {
                ids.putObject(id).put("principalId", Directory.principalOf(id)).put("clientId", Directory.clientOf(id));
            }
        }
        if (ids.size() > MOST_OF_THE_USER) {
            throw new AzureException(Errors.userError(
                    "A workspace has at most %d user-assigned identities.".formatted(MOST_OF_THE_USER)));
        }
    }
}
