package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Lays a PATCH over a stored compute resource. Clients send the scale settings at two depths; both mean the same. */
final class ComputePatch {

    private ComputePatch() {}

    static ObjectNode apply(ObjectNode stored, ObjectNode patch) {
        ObjectNode merged = stored.deepCopy();
        part(patch, "tags").ifPresent(tags -> merged.set("tags", tags.deepCopy()));
        part(patch, "identity")
                .ifPresent(identity ->
                        merged.set("identity", identity(Json.objectAt(stored, "identity"), identity)));
        ObjectNode properties = part(patch, "properties").orElseGet(Json::object);
        ObjectNode inner = part(properties, "properties").orElseGet(Json::object);
        for (ObjectNode holder : List.of(properties, inner)) {
            part(holder, "scaleSettings")
                    .ifPresent(scale -> overlay(
                            ensure(ensure(ensure(merged, "properties"), "properties"), "scaleSettings"), scale));
        }
        return merged;
    }

    /** A part of the patch; one of a wrong kind must not pass for a change that was made. */
    private static Optional<ObjectNode> part(ObjectNode parent, String name) {
        JsonNode value = Json.member(parent, name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (value instanceof ObjectNode object) {
            return Optional.of(object);
        }
        throw new AzureException(Errors.invalidParameter(name, "an object is expected."));
    }

    private static void overlay(ObjectNode onto, ObjectNode over) {
        for (Map.Entry<String, JsonNode> member : over.properties()) {
            onto.set(member.getKey(), member.getValue().deepCopy());
        }
    }

    /** An id that is mapped to null is taken away; the type is what the client says it is from now on. */
    private static ObjectNode identity(ObjectNode before, ObjectNode patch) {
        ObjectNode after = before.deepCopy();
        Json.string(patch, "type").ifPresent(type -> after.put("type", type));
        Optional<ObjectNode> ids = part(patch, "userAssignedIdentities");
        if (ids.isPresent()) {
            ObjectNode kept = ensure(after, "userAssignedIdentities");
            for (Map.Entry<String, JsonNode> id : ids.get().properties()) {
                if (id.getValue().isNull()) {
                    kept.remove(id.getKey());
                } else {
                    kept.set(id.getKey(), id.getValue().deepCopy());
                }
            }
        }
        if (!Json.string(after, "type").orElse("").contains("UserAssigned")) {
            after.remove("userAssignedIdentities");
        }
        return after;
    }

    private static ObjectNode ensure(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode object ? object : parent.putObject(name);
    }
}
