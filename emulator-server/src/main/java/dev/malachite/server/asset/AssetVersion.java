package dev.malachite.server.asset;

import dev.malachite.server.database.Attributes;
import dev.malachite.server.web.Json;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * One version of an asset.
 *
 * @param document the v2 resource's properties as received, without what has a part of its own here
 * @param runId the run that a model is from
 * @param legacy what only the v1 model management knows of it
 */
public record AssetVersion(
        AssetKind kind,
        String name,
        String version,
        ObjectNode document,
        Optional<String> description,
        Attributes tags,
        Attributes properties,
        Optional<String> runId,
        Optional<ObjectNode> legacy,
        boolean archived,
        boolean anonymous,
        Instant created,
        Instant modified,
        String createdBy,
        String modifiedBy) {

    /** For example {@code uri_file}, {@code mlflow_model} or {@code command}. */
    public String type() {
        return switch (kind) {
            case DATA -> Json.string(document, "dataType").orElse("uri_folder");
            case MODEL -> Json.string(document, "modelType").orElse("custom_model");
            case COMPONENT ->
                Json.string(Json.objectAt(document, "componentSpec"), "type").orElse("command");
        };
    }

    /** Where its files are, in the long form of {@code azureml://…/datastores/…/paths/…}, or as a URL; components have none. */
    public Optional<String> uri() {
        return switch (kind) {
            case DATA -> Json.string(document, "dataUri");
            case MODEL -> Json.string(document, "modelUri");
            case COMPONENT -> Optional.empty();
        };
    }
}
