package dev.malachite.server.asset;

import dev.malachite.server.database.Attributes;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A version as it is to be kept.
 *
 * @param document the properties without what has a part of its own here
 * @param contentHash equal for equal content; what describes it is no part of that
 */
record AssetDraft(
        ObjectNode document,
        String contentHash,
        Optional<String> description,
        Attributes tags,
        Attributes properties,
        Optional<String> runId,
        boolean archived,
        boolean anonymous) {}
