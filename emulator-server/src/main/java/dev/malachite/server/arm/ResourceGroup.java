package dev.malachite.server.arm;

import dev.malachite.server.web.Json;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * A resource group.
 *
 * @param location lower case without blanks
 * @param document as received
 */
record ResourceGroup(String subscription, String name, String location, Instant createdOn, ObjectNode document) {

    String armId() {
        return "/subscriptions/%s/resourceGroups/%s".formatted(subscription, name);
    }

    ObjectNode answer() {
        ObjectNode answer = Json.object()
                .put("id", armId())
                .put("name", name)
                .put("type", "Microsoft.Resources/resourceGroups")
                .put("location", location);
        answer.set("tags", Json.objectAt(document, "tags"));
        Json.string(document, "managedBy").ifPresent(owner -> answer.put("managedBy", owner));
        answer.putObject("properties").put("provisioningState", "Succeeded");
        return answer;
    }
}
