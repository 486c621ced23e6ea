package dev.malachite.server.experiment;

import dev.malachite.server.database.Attributes;
import java.time.Instant;
import java.util.Optional;

/**
 * An experiment that exists.
 *
 * @param id a GUID; names are unique in a workspace, ids everywhere
 * @param archived since when it is hidden from lists
 */
public record Experiment(
        String id,
        String name,
        Optional<String> description,
        Attributes tags,
        Instant created,
        Optional<Instant> archived) {}
