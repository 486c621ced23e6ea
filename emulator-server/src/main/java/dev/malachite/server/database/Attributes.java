package dev.malachite.server.database;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tags and properties: flat, ordered, values are text or null (azureml-core's {@code run.tag("x")} sends null).
 *
 * @param values in the order in which they were set
 */
public record Attributes(Map<String, @Nullable String> values) {

    public static final Attributes NONE = new Attributes(Map.of());

    public Attributes {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * What a client sent; numbers and booleans become text.
     *
     * @param what the member's name, for the error
     */
    public static Attributes of(JsonNode node, String what) {
        if (node.isMissingNode() || node.isNull()) {
            return NONE;
        }
        if (!(node instanceof ObjectNode object)) {
            throw new AzureException(Errors.invalidContent("'" + what + "' must be an object of strings"));
        }
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (entry.getValue().isContainer()) {
                throw new AzureException(Errors.invalidContent(
                        "'%s' must be an object of strings, but '%s' is not one".formatted(what, entry.getKey())));
            }
            values.put(
                    entry.getKey(),
                    entry.getValue().isNull() ? null : entry.getValue().asString());
        }
        return new Attributes(values);
    }

    /** Reads what {@link #text} wrote. */
    public static Attributes parse(String text) {
        return of(Json.parse(text), "attributes");
    }

    public String text() {
        return Json.text(json());
    }

    public ObjectNode json() {
        ObjectNode node = Json.object();
        values.forEach(node::put);
        return node;
    }

    /** For those to whom a tag without a value is an empty one. */
    public Map<String, String> asMap() {
        Map<String, String> map = new LinkedHashMap<>();
        values.forEach((key, value) -> map.put(key, value == null ? "" : value));
        return map;
    }

    /** These, with the others added or put in their place. */
    public Attributes merged(Attributes others) {
        Map<String, @Nullable String> merged = new LinkedHashMap<>(values);
        merged.putAll(others.values);
        return new Attributes(merged);
    }

    public Attributes without(Iterable<String> names) {
        Map<String, @Nullable String> left = new LinkedHashMap<>(values);
        names.forEach(left::remove);
        return new Attributes(left);
    }

    /** Refuses more, or longer ones, than the service takes. */
    public Attributes limited(String what, int maxCount, int maxKey, int maxValue) {
        if (values.size() > maxCount) {
            throw new AzureException(Errors.userError(
                    "There are %d %s; at most %d are allowed.".formatted(values.size(), what, maxCount)));
        }
        values.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > maxKey) {
                throw new AzureException(Errors.userError(
                        "A key in %s has %d characters; 1 to %d are allowed.".formatted(what, key.length(), maxKey)));
            }
            if (value != null && value.length() > maxValue) {
                throw new AzureException(
                        Errors.userError("The value of '%s' in %s has %d characters; at most %d are allowed."
                                .formatted(key, what, value.length(), maxValue)));
            }
        });
        return this;
    }
}
