package dev.malachite.server.compute;

import dev.malachite.engine.Target;
import dev.malachite.server.identity.NodeIdentity;
import dev.malachite.server.web.Directory;
import dev.malachite.server.web.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** The managed identities of a compute: what clients see of them, and what a job's tokens say. */
final class ComputeIdentity {

    private static final String SYSTEM = "systemassigned";

    private ComputeIdentity() {}

    /**
     * The identity as the service shows it.
     *
     * @param stored as it was sent
     */
    static ObjectNode shown(ObjectNode stored, Target target) {
        ObjectNode identity = stored.deepCopy();
        if (hasItsOwn(stored)) {
            identity.put("principalId", principal(target)).put("tenantId", Directory.TENANT);
        }
        if (identity.get("userAssignedIdentities") instanceof ObjectNode ids) {
            ids.propertyNames()
                    .forEach(id -> ids.putObject(id)
                            .put("principalId", Directory.principalOf(id))
                            .put("clientId", Directory.clientOf(id)));
        }
        return identity;
    }

    /** The compute's own first, then those of the user. */
    static List<NodeIdentity> of(Target target) {
        ObjectNode stored = Json.objectAt(Json.parse(target.document()), "identity");
        List<NodeIdentity> identities = new ArrayList<>();
        if (hasItsOwn(stored)) {
            String principal = principal(target);
            identities.add(new NodeIdentity(principal, Directory.clientOf(principal), Optional.empty()));
        }
        for (String id : Json.objectAt(stored, "userAssignedIdentities").propertyNames()) {
            identities.add(new NodeIdentity(Directory.principalOf(id), Directory.clientOf(id), Optional.of(id)));
        }
        return identities;
    }

    private static boolean hasItsOwn(ObjectNode stored) {
        return Json.string(stored, "type")
                .filter(type -> type.toLowerCase(Locale.ROOT).contains(SYSTEM))
                .isPresent();
    }

    private static String principal(Target target) {
        return UUID.nameUUIDFromBytes(("principal" + target.id()).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
