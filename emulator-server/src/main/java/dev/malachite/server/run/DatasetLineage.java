package dev.malachite.server.run;

import dev.malachite.server.web.Json;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which datasets a run of the v1 SDK has for inputs, as its details say (azureml/data/_dataset_lineage.py). */
final class DatasetLineage {

    private DatasetLineage() {}

    static ArrayNode of(RunView run, Optional<ObjectNode> definition) {
        if (run.document().path("inputDatasets") instanceof ArrayNode told && !told.isEmpty()) {
            return told;
        }
        ArrayNode inputs = Json.array();
        definition.map(submitted -> Json.objectAt(submitted, "Configuration")).ifPresent(configuration -> {
            for (Map.Entry<String, JsonNode> data :
                    Json.objectAt(configuration, "data").properties()) {
                JsonNode dataset = Json.member(Json.member(data.getValue(), "dataLocation"), "dataset");
                Json.string(dataset, "id").ifPresent(id -> add(inputs, data.getKey(), id, data.getValue()));
            }
        });
        return inputs;
    }

    private static void add(ArrayNode inputs, String name, String id, JsonNode data) {
        ObjectNode input = inputs.addObject();
        input.putObject("identifier").put("savedId", id).putNull("registeredId").putNull("registeredVersion");
        input.put("consumptionType", "RunInput");
        input.putObject("inputDetails")
                .put("inputName", name)
                .put(
                        "mechanism",
                        Json.string(data, "mechanism").map(DatasetLineage::word).orElse(null))
                .put("pathOnCompute", Json.string(data, "pathOnCompute").orElse(null));
    }

    /** As the service writes it: {@code Download} for {@code download}. */
    private static String word(String mechanism) {
        return mechanism.isEmpty() ? "" : Character.toUpperCase(mechanism.charAt(0)) + mechanism.substring(1);
    }
}
