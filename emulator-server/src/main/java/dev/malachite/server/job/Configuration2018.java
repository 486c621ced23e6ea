package dev.malachite.server.job;

import dev.malachite.server.web.Json;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Run configurations as azureml-core 0.1 writes them, in today's words ({@code docs/wire/execution-2018.md}, from driving
 * version 0.1.68).
 */
final class Configuration2018 {

    /** Its frameworks that are two things today: a framework and a communicator. */
    private static final Map<String, String> COMMUNICATORS =
            Map.of("pythonmpi", "IntelMpi", "tensorflowparameterserver", "ParameterServer");

    private Configuration2018() {}

    /** A submission that may be of that time; one that is not is given back as it is. */
    static ObjectNode today(ObjectNode submission) {
        // No later version has such a section.
        if (!Json.objectAt(submission, "Configuration").has("batchai")) {
            return submission;
        }
        ObjectNode told = submission.deepCopy();
        ObjectNode configuration = Json.objectAt(told, "Configuration");
        String framework = Json.string(configuration, "framework").orElse("Python");
        String communicator = COMMUNICATORS.get(framework.toLowerCase(Locale.ROOT));
        if (communicator != null) {
            configuration.put("communicator", communicator);
            configuration.put("framework", framework.startsWith("Python") ? "Python" : "TensorFlow");
        }
        if (!configuration.has("nodeCount")) {
            JsonNode nodes = Json.member(Json.objectAt(configuration, "batchai"), "nodeCount");
            if (!nodes.isMissingNode()) {
                configuration.set("nodeCount", nodes);
            }
        }
        if (!framework.equalsIgnoreCase("PySpark")) {
            // Its default for every run names Spark's packages.
            Json.objectAt(configuration, "environment").remove("spark");
        }
        return told;
    }
}
