package dev.malachite.server.compute;

import dev.malachite.server.web.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A member of a compute's resource that stays as it was made with. An update that leaves it out, or says what stands for
 * nothing, leaves it as it is; one that changes it is refused.
 *
 * @param path through the resource
 * @param unsaid what says nothing, beside null and the empty text
 * @param standard what it is where nothing was said at the creation
 */
record FixedField(List<String> path, String unsaid, String standard) {

    static FixedField of(String path) {
        return new FixedField(List.of(path.split("\\.", -1)), "", "");
    }

    FixedField unsaid(String text) {
        return new FixedField(path, text, standard);
    }

    FixedField standard(String text) {
        return new FixedField(path, unsaid, text);
    }

    /** Refuses a change, or takes over into {@code after} what it does not say. */
    void hold(String compute, ObjectNode before, ObjectNode after) {
        JsonNode had = at(before);
        JsonNode wants = at(after);
        if (says(wants)) {
            String is = says(had) ? text(had) : standard;
            if (!is.equalsIgnoreCase(text(wants))) {
                throw ComputeReader.invalid(
                        "InvalidPropertyChange",
                        "Property '%s' of compute '%s' cannot be changed; delete the compute and make it anew."
                                .formatted(path.getLast(), compute));
            }
        } else if (says(had)) {
            ObjectNode parent = after;
            for (String name : path.subList(0, path.size() - 1)) {
                ObjectNode child = Json.objectAt(parent, name);
                parent.set(name, child);
                parent = child;
            }
            parent.set(path.getLast(), had);
        }
    }

    private JsonNode at(ObjectNode resource) {
        JsonNode node = resource;
        for (String name : path) {
            node = Json.member(node, name);
        }
        return node;
    }

    private boolean says(JsonNode value) {
        return !value.isMissingNode()
                && !value.isNull()
                && !text(value).isBlank()
                && !text(value).equalsIgnoreCase(unsaid);
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asString().strip() : value.toString();
    }
}
