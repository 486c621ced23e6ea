package dev.malachite.server.datastore;

import dev.malachite.server.web.Json;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A datastore.
 *
 * @param createdBy the name of the caller who made it
 * @param properties the v2 resource's properties as received, without secrets; v1 definitions are kept in this form too
 * @param secrets the v2 credentials' secrets with {@code secretsType}; empty where there are none
 */
record Datastore(
        String name,
        boolean isDefault,
        Instant createdOn,
        Instant modifiedOn,
        String createdBy,
        ObjectNode properties,
        ObjectNode secrets) {

    String type() {
        return Json.string(properties, "datastoreType").orElse("AzureBlob");
    }

    Optional<String> property(String name) {
        return Json.string(properties, name);
    }
}
