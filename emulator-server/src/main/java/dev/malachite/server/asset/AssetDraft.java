package dev.malachite.server.asset;

import dev.malachite.server.database.Attributes;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A version as it is to be kept.
 *
 * @param document the properties without what has a part of its own here
 * @param legacy what only the v1 model management knows; empty leaves what there is
 * @param contentHash equal for equal content; what describes it is no part of that
 */
record AssetDraft(
        ObjectNode document,
        String contentHash,
        Optional<String> description,
        Attributes tags,
        Attributes properties,
        Optional<String> runId,
        Optional<ObjectNode> legacy,
        boolean archived,
        boolean anonymous) {

    AssetDraft withLegacy(ObjectNode known) {
        return new AssetDraft(
                document, contentHash, description, tags, properties, runId, Optional.of(known), archived, anonymous);
    }
}
