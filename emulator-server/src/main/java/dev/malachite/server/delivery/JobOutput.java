package dev.malachite.server.delivery;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A named output as a job was submitted with it.
 *
 * @param type for example {@code uri_folder}
 * @param uri where it is to go; empty for the usual place
 * @param mounted whether the job sees what lies there already
 * @param direct whether the job writes to the uri by itself
 * @param assetName what it is to be registered as, if it is
 */
record JobOutput(
        String name,
        String type,
        Optional<String> uri,
        boolean mounted,
        boolean direct,
        Optional<String> assetName,
        Optional<String> assetVersion,
        Optional<String> description) {

    /** The run's own files, which are no named output. */
    static final String DEFAULT = "default";

    private static final Set<String> TYPES =
            Set.of("uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model");

    private static final int MOST = 100;

    static List<JobOutput> of(ObjectNode definition) {
        List<JobOutput> outputs = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry :
                Json.objectAt(definition, "outputs").properties()) {
            if (!entry.getKey().equals(DEFAULT)) {
                outputs.add(of(JobInput.checked(entry.getKey(), "output"), entry.getValue()));
            }
        }
        if (outputs.size() > MOST) {
            throw new AzureException(Errors.userError("A job has at most %d outputs.".formatted(MOST)));
        }
        return outputs;
    }

    boolean isFile() {
        return type.equals("uri_file");
    }

    boolean isModel() {
        return type.endsWith("_model");
    }

    private static JobOutput of(String name, JsonNode output) {
        String type = Json.string(output, "jobOutputType").orElse("uri_folder").toLowerCase(Locale.ROOT);
        if (!TYPES.contains(type)) {
            throw new AzureException(Errors.userError("Output '%s' is of type '%s'; known are %s."
                    .formatted(name, type, TYPES.stream().sorted().toList())));
        }
        String mode = Json.string(output, "mode").orElse("ReadWriteMount").toLowerCase(Locale.ROOT);
        if (!Set.of("readwritemount", "upload", "direct").contains(mode)) {
            throw new AzureException(Errors.userError(
                    "Output '%s': the mode '%s' is none of ReadWriteMount, Upload, Direct.".formatted(name, mode)));
        }
        return new JobOutput(
                name,
                type,
                Json.string(output, "uri").filter(text -> !text.isBlank()),
                mode.equals("readwritemount"),
                mode.equals("direct"),
                Json.string(output, "assetName").filter(text -> !text.isBlank()),
                Json.string(output, "assetVersion").filter(text -> !text.isBlank()),
                Json.string(output, "description").filter(text -> !text.isBlank()));
    }
}
