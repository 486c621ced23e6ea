package dev.malachite.server.store;

import dev.malachite.engine.TargetError;
import dev.malachite.server.web.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** What a target's clients are told of what it lacks, as it is stored. */
final class TargetErrorJson {

    private TargetErrorJson() {}

    static String write(List<TargetError> errors) {
        ArrayNode json = Json.array();
        for (TargetError error : errors) {
            json.addObject()
                    .put("code", error.code())
                    .put("message", error.message())
                    .put("at", error.at().toString());
        }
        return Json.text(json);
    }

    static List<TargetError> read(String stored) {
        List<TargetError> errors = new ArrayList<>();
        for (JsonNode error : Json.mapper().readTree(stored)) {
            errors.add(new TargetError(
                    error.path("code").stringValue(),
                    error.path("message").stringValue(),
                    Instant.parse(error.path("at").stringValue())));
        }
        return List.copyOf(errors);
    }
}
