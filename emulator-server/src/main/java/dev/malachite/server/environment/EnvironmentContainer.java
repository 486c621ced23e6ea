package dev.malachite.server.environment;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * All versions of one name.
 *
 * @param document description, tags and properties, as received
 * @param latestVersion the newest by creation
 * @param nextVersion what an asset without a version gets
 */
record EnvironmentContainer(
        String name,
        ObjectNode document,
        boolean archived,
        Optional<String> latestVersion,
        String nextVersion,
        Instant created,
        Instant modified,
        String createdBy) {}
