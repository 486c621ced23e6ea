package dev.malachite.server.pipeline;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns what stands within a pipeline or a component, which is written as in YAML, into the words of a job's own resource. */
final class Words {

    private static final Map<String, String> MODES = Map.of(
            "ro_mount", "ReadOnlyMount",
            "rw_mount", "ReadWriteMount",
            "mount", "ReadOnlyMount",
            "download", "Download",
            "upload", "Upload",
            "direct", "Direct",
            "eval_mount", "EvalMount",
            "eval_download", "EvalDownload");

    /** Types of inputs that are files; all others are values. */
    private static final Set<String> DATA =
            Set.of("uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model");

    private static final Map<String, String> DISTRIBUTIONS =
            Map.of("pytorch", "PyTorch", "mpi", "Mpi", "tensorflow", "TensorFlow", "ray", "Ray");

    private static final int LONGEST_COUNT = 9;

    private Words() {}

    static boolean isData(String type) {
        return DATA.contains(type.toLowerCase(Locale.ROOT));
    }

    static String mode(String word) {
        return MODES.getOrDefault(word.toLowerCase(Locale.ROOT), word);
    }

    /** {@code instance_count} is {@code instanceCount}; what stands below keeps its names. */
    static ObjectNode camel(JsonNode snake) {
        ObjectNode camel = Json.object();
        for (Map.Entry<String, JsonNode> member : snake.properties()) {
            if (!member.getValue().isNull()) {
                camel.set(camel(member.getKey()), member.getValue().deepCopy());
            }
        }
        return camel;
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        boolean up = false;
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            if (letter == '_' && !camel.isEmpty()) {
                up = true;
            } else {
                camel.append(up ? Character.toUpperCase(letter) : letter);
                up = false;
            }
        }
        return camel.toString();
    }

    /** A component says {@code type: pytorch}, a step {@code distribution_type: PyTorch}; counts of a component are text. */
    static ObjectNode distribution(ObjectNode snake) {
        ObjectNode camel = camel(snake);
        String type = Json.string(camel, "distributionType")
                .or(() -> Json.string(camel, "type"))
                .orElse("");
        camel.remove("type");
        camel.put("distributionType", DISTRIBUTIONS.getOrDefault(type.toLowerCase(Locale.ROOT), type));
        for (Map.Entry<String, JsonNode> member : camel.properties()) {
            String text = member.getValue().asString("");
            if (member.getKey().endsWith("Count") || member.getKey().endsWith("PerInstance")) {
                if (!text.isEmpty() && text.chars().allMatch(Character::isDigit)) {
                    if (text.length() > LONGEST_COUNT) {
                        throw new AzureException(
                                Errors.userError("'%s' of a distribution is too large.".formatted(member.getKey())));
                    }
                    member.setValue(Json.mapper().getNodeFactory().numberNode(Long.parseLong(text)));
                }
            }
        }
        return camel;
    }

    /** A time in seconds is an ISO duration in a job. */
    static ObjectNode limits(ObjectNode snake, String type) {
        ObjectNode camel = camel(snake);
        for (String name : new String[] {"timeout", "trialTimeout"}) {
            JsonNode time = camel.path(name);
            if (time.isNumber() || (time.isString() && time.stringValue().matches("\\d+"))) {
                camel.put(name, "PT%sS".formatted(time.asString()));
            }
        }
        camel.put("jobLimitsType", type);
        return camel;
    }

    /** The id that a component names: {@code azureml:/subscriptions/…} as the resource's own. */
    static String id(String reference) {
        return reference.startsWith("azureml:/") && !reference.startsWith("azureml://")
                ? reference.substring("azureml:".length())
                : reference;
    }

    /** Name or id of a compute without {@code azureml:}. */
    static String compute(String reference) {
        return reference.startsWith("azureml:") ? reference.substring("azureml:".length()) : reference;
    }
}
