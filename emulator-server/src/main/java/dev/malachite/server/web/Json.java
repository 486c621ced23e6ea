package dev.malachite.server.web;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The one JSON reader and writer, and short ways to look into a tree whose parts may be missing. */
public final class Json {

    /** Deep enough for every template seen, shallow enough that no body can exhaust the stack. */
    private static final int MAX_DEPTH = 200;

    /**
     * Lenient, because the Azure CLI sends deployment templates with unquoted names and comments
     * (Microsoft's own service takes them).
     */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
                    .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .build())
            .build();

    private Json() {}

    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** Reads text that we wrote ourselves; damaged text is a bug, not a user's mistake. */
    public static ObjectNode parse(String text) {
        try {
            return (ObjectNode) MAPPER.readTree(text);
        } catch (JacksonException | ClassCastException e) {
            throw new IllegalStateException("stored JSON is damaged", e);
        }
    }

    public static String text(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /** The string at {@code name}; empty when it is missing, null, or not a string. */
    public static Optional<String> string(JsonNode node, String name) {
        JsonNode value = member(node, name);
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    /** The object at {@code name}, or an empty one that is not attached to {@code node}. */
    public static ObjectNode objectAt(JsonNode node, String name) {
        return member(node, name) instanceof ObjectNode object ? object : object();
    }

    /** The member {@code name}, whatever its case: clients differ; a missing one is Jackson's missing node. */
    public static JsonNode member(JsonNode node, String name) {
        JsonNode exact = node.path(name);
        if (!exact.isMissingNode() || !node.isObject()) {
            return exact;
        }
        return node.properties().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(entry -> entry.getValue())
                .findFirst()
                .orElse(exact);
    }
}
