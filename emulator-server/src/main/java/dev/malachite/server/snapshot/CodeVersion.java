package dev.malachite.server.snapshot;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * A code asset of the v2 SDK.
 *
 * @param hash of the folder, by the client; empty when it gave none
 * @param document the resource as received, its codeUri in canonical form
 */
record CodeVersion(
        String name,
        String version,
        String hash,
        String hashVersion,
        ObjectNode document,
        Instant createdOn,
        Instant modifiedOn,
        String createdBy) {}
