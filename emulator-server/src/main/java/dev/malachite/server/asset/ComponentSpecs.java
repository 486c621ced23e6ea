package dev.malachite.server.asset;

import dev.malachite.server.web.Json;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A component's specification as the service gives it back (known from azure-ai-ml's own tests of components). */
final class ComponentSpecs {

    /** What may change though the version stays. */
    private static final Set<String> DESCRIPTIVE =
            Set.of("name", "version", "display_name", "description", "tags", "$schema", "_source", "properties");

    /** What azure-ai-ml sends back of an answer; each answer says it anew. */
    private static final Set<String> ECHOED = Set.of("id", "creation_context");

    private ComponentSpecs() {}

    /** Defaults and what a distribution says are text, and every input says whether it may be left out. */
    static ObjectNode shown(ObjectNode spec) {
        ObjectNode shown = spec.deepCopy();
        shown.remove(ECHOED);
        for (Map.Entry<String, JsonNode> input : Json.objectAt(shown, "inputs").properties()) {
            if (input.getValue() instanceof ObjectNode described) {
                JsonNode value = described.path("default");
                if (value.isNumber() || value.isBoolean()) {
                    described.put("default", text(value));
                }
                if (!described.path("optional").isBoolean()) {
                    described.put(
                            "optional", described.path("optional").asString("").equalsIgnoreCase("true"));
                }
            }
        }
        if (shown.path("distribution") instanceof ObjectNode distribution) {
            for (String name : distribution.propertyNames().stream().toList()) {
                JsonNode value = distribution.path(name);
                if (value.isNumber() || value.isBoolean()) {
                    distribution.put(name, text(value));
                }
            }
        }
        return shown;
    }

    /** What cannot change. */
    static ObjectNode content(ObjectNode spec) {
        ObjectNode content = shown(spec);
        content.remove(DESCRIPTIVE);
        for (Map.Entry<String, JsonNode> input :
                Json.objectAt(content, "inputs").properties()) {
            if (input.getValue() instanceof ObjectNode described) {
                described.remove("description");
            }
        }
        return content;
    }

    /** As .NET writes it. */
    private static String text(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue() ? "True" : "False";
        }
        return value.asString();
    }
}
