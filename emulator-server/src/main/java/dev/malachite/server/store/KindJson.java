package dev.malachite.server.store;

import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Scale;
import dev.malachite.engine.TargetError;
import dev.malachite.engine.VmPriority;
import dev.malachite.engine.VmSize;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The typed view of a target as it is stored; a kind is told by its Azure name. */
final class KindJson {

    private KindJson() {}

    static String write(ComputeKind kind) {
        ObjectNode json = Json.object();
        switch (kind) {
            case ComputeKind.AmlCompute cluster -> {
                json.put("kind", "AmlCompute");
                VmSize size = cluster.size();
                json.putObject("size")
                        .put("name", size.name())
                        .put("family", size.family())
                        .put("vCpus", size.vCpus())
                        .put("gpus", size.gpus())
                        .put("memoryMib", size.memoryMib());
                json.put("priority", cluster.priority().name());
                json.put("min", cluster.scale().min());
                json.put("max", cluster.scale().max());
                json.put("idle", cluster.scale().idle().toString());
            }
        }
        return Json.text(json);
    }

    static ComputeKind read(String stored) {
        ObjectNode json = Json.parse(stored);
        String kind = json.path("kind").stringValue();
        if (!kind.equals("AmlCompute")) {
            throw new IllegalStateException("unknown compute kind in the store: " + kind);
        }
        JsonNode size = json.path("size");
        return new ComputeKind.AmlCompute(
                new VmSize(
                        size.path("name").stringValue(),
                        size.path("family").stringValue(),
                        size.path("vCpus").intValue(),
                        size.path("gpus").intValue(),
                        size.path("memoryMib").longValue()),
                VmPriority.valueOf(json.path("priority").stringValue()),
                new Scale(
                        json.path("min").intValue(),
                        json.path("max").intValue(),
                        Duration.parse(json.path("idle").stringValue())));
    }

    static String writeErrors(List<TargetError> errors) {
        ArrayNode json = Json.array();
        for (TargetError error : errors) {
            json.addObject()
                    .put("code", error.code())
                    .put("message", error.message())
                    .put("at", error.at().toString());
        }
        return Json.text(json);
    }

    static List<TargetError> readErrors(String stored) {
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
