package dev.malachite.server.pipeline;

import dev.malachite.server.web.Json;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One node of a pipeline with the component that it is made of.
 *
 * @param node as it stands below {@code jobs}
 * @param component its specification; for a sweep the one of its trials
 */
record Step(String name, Kind kind, ObjectNode node, String componentId, ObjectNode component) {

    enum Kind {
        COMMAND,
        SWEEP,
        PIPELINE
    }

    ObjectNode inputs() {
        return Json.objectAt(node, "inputs");
    }

    ObjectNode outputs() {
        return Json.objectAt(node, "outputs");
    }

    /** The steps whose outputs it takes, each once. */
    Set<String> after() {
        Set<String> after = new LinkedHashSet<>();
        for (Map.Entry<String, JsonNode> input : inputs().properties()) {
            for (Binding binding : Binding.in(text(input.getValue()))) {
                if (binding instanceof Binding.StepOutput output) {
                    after.add(output.step());
                }
            }
        }
        return after;
    }

    /** What an input or an output says as text: a value, a path or a reference. */
    static String text(JsonNode given) {
        if (!given.isObject()) {
            return given.isContainer() ? "" : given.asString("");
        }
        for (String member : new String[] {"value", "uri", "path"}) {
            JsonNode value = Json.member(given, member);
            if (!value.isMissingNode() && !value.isNull()) {
                return value.isContainer() ? Json.text(value) : value.asString("");
            }
        }
        return "";
    }

    boolean deterministic() {
        return !Json.member(component, "is_deterministic").asString("true").equalsIgnoreCase("false");
    }
}
