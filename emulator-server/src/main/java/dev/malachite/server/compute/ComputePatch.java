package dev.malachite.server.compute;

import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Lays a PATCH over a stored compute resource. Clients send the scale settings at two depths; both mean the same. */
final class ComputePatch {

    private ComputePatch() {}

    static ObjectNode apply(ObjectNode stored, ObjectNode patch) {
        ObjectNode merged = stored.deepCopy();
        if (Json.member(patch, "tags") instanceof ObjectNode tags) {
            merged.set("tags", tags.deepCopy());
        }
        if (Json.member(patch, "identity") instanceof ObjectNode identity) {
            merged.set("identity", identity(Json.objectAt(stored, "identity"), identity));
        }
        ObjectNode properties = Json.objectAt(patch, "properties");
        ObjectNode inner = Json.objectAt(properties, "properties");
        for (ObjectNode holder : List.of(properties, inner)) {
            if (Json.member(holder, "scaleSettings") instanceof ObjectNode scale) {
                ObjectNode target = ensure(ensure(ensure(merged, "properties"), "properties"), "scaleSettings");
                overlay(target, scale);
            }
        }
        return merged;
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
        if (Json.member(patch, "userAssignedIdentities") instanceof ObjectNode ids) {
            ObjectNode kept = ensure(after, "userAssignedIdentities");
            for (Map.Entry<String, JsonNode> id : ids.properties()) {
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
