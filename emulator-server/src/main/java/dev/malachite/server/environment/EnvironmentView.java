package dev.malachite.server.environment;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * One version of an environment.
 *
 * @param sequence counts the versions of a name in the order in which they were made
 * @param document the v1 definition, or the v2 version's properties, as received
 */
public record EnvironmentView(
        String name,
        String version,
        long sequence,
        Dialect dialect,
        ObjectNode document,
        boolean archived,
        Instant created,
        Instant modified,
        String createdBy) {

    /** In whose words the document is. */
    public enum Dialect {
        V1,
        V2
    }
}
