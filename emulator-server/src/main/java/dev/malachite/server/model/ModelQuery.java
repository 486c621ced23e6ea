package dev.malachite.server.model;

import dev.malachite.server.database.Page;
import java.util.Optional;

/** What a list of models is narrowed by; tags and properties are {@code one,two=value}. */
record ModelQuery(
        Optional<String> name,
        Optional<String> tag,
        Optional<String> tags,
        Optional<String> properties,
        Optional<String> framework,
        Optional<String> description,
        Optional<String> runId,
        Optional<String> datasetId,
        boolean latestOnly,
        Page page) {}
