package dev.malachite.server.asset;

import dev.malachite.server.database.Attributes;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What may change of a registered model.
 *
 * @param legacy what only the v1 model management knows of it
 */
public record ModelDescription(Optional<String> text, Attributes tags, Attributes properties, ObjectNode legacy) {}
