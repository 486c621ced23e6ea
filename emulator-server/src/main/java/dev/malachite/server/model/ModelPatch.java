package dev.malachite.server.model;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One operation of a JSON Patch of a model.
 *
 * @param member of the model, at the top
 */
record ModelPatch(String member, JsonNode value) {

    private static final Set<String> MEMBERS = Set.of(
            "description",
            "kvTags",
            "properties",
            "sampleInputData",
            "sampleOutputData",
            "resourceRequirements",
            "datasets");

    static ModelPatch read(JsonNode operation) {
        String op = Json.string(operation, "op").orElse("");
        String path = Json.string(operation, "path").orElse("");
        String member = path.startsWith("/") ? path.substring(1) : "";
        boolean sets = op.equals("add") || op.equals("replace");
        if (!sets || !MEMBERS.contains(member)) {
            throw new AzureException(Errors.invalidParameter(
                    "operations",
                    "'%s' of '%s' is not supported; add and replace are, of /%s."
                            .formatted(
                                    op,
                                    path,
                                    String.join(", /", MEMBERS.stream().sorted().toList()))));
        }
        JsonNode value = operation.path("value");
        if (value.isMissingNode()) {
            throw new AzureException(Errors.invalidParameter("value", "it is required."));
        }
        return new ModelPatch(member, value);
    }

    String text() {
        if (!value.isString()) {
            throw new AzureException(Errors.invalidParameter(member, "a text is expected."));
        }
        return value.stringValue();
    }
}
