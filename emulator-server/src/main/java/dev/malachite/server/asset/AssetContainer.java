package dev.malachite.server.asset;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * All versions of one name.
 *
 * @param document description, tags and properties, as received
 * @param latest the newest version by creation
 * @param nextVersion what a version that is given none is called
 */
public record AssetContainer(
        AssetKind kind,
        String name,
        ObjectNode document,
        boolean archived,
        Optional<AssetVersion> latest,
        String nextVersion,
        Instant created,
        Instant modified,
        String createdBy) {}
