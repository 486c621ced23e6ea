package dev.malachite.server.compute;

import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.seal.Seal;
import dev.malachite.server.web.Json;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Passwords, private keys and tokens of computes: they are kept sealed beside the resource that came with them, so that they
 * come, change and go with it.
 */
@Component
public class ComputeKeys {

    private static final String SEALED = "sealedKeys";

    private final Seal seal;

    ComputeKeys(Seal seal) {
        this.seal = seal;
    }

    /** The members of the kind's properties that hold a secret, as they came; empty where there are none. */
    public ObjectNode of(Target target) {
        // In this very spelling: in another one it is the client's, and no secret of ours.
        return Json.parse(target.document())
                .path(SEALED)
                .stringValueOpt()
                .map(closed -> Json.parse(seal.open(closed, place(target.id()))))
                .orElseGet(Json::object);
    }

    /**
     * A resource as it may be stored: its secrets are null, and sealed beside it.
     *
     * @param secrets names of members, wherever they are in the properties of the kind
     */
    ObjectNode stored(ObjectNode resource, TargetId id, Collection<String> secrets) {
        ObjectNode kept = resource.deepCopy();
        kept.remove(SEALED);
        ObjectNode inner = Json.objectAt(Json.objectAt(kept, "properties"), "properties");
        ObjectNode keys = Json.object();
        for (Map.Entry<String, JsonNode> member : inner.properties()) {
            if (holds(member, secrets)) {
                keys.set(member.getKey(), member.getValue().deepCopy());
            }
        }
        blank(inner, secrets);
        if (!keys.isEmpty()) {
            kept.put(SEALED, seal.close(Json.text(keys), place(id)));
        }
        return kept;
    }

    /** The same with the secrets of a known target where none are given: updates come without them. */
    ObjectNode filled(ObjectNode resource, Target known, Collection<String> secrets) {
        ObjectNode filled = resource.deepCopy();
        filled.remove(SEALED);
        ObjectNode keys = of(known);
        if (keys.isEmpty() || !(Json.member(filled, "properties") instanceof ObjectNode properties)) {
            return filled;
        }
        ObjectNode inner = Json.objectAt(properties, "properties");
        properties.set("properties", inner);
        for (Map.Entry<String, JsonNode> key : keys.properties()) {
            JsonNode given = Json.member(inner, key.getKey());
            if (given.isMissingNode() || given.isNull() || blankText(given)) {
                inner.set(key.getKey(), key.getValue());
            } else if (given instanceof ObjectNode object
                    && object.properties().stream().noneMatch(member -> holds(member, secrets))) {
                key.getValue().properties().stream()
                        .filter(member -> holds(member, secrets))
                        .forEach(member -> object.set(member.getKey(), member.getValue()));
            }
        }
        return filled;
    }

    private static boolean holds(Map.Entry<String, JsonNode> member, Collection<String> secrets) {
        JsonNode value = member.getValue();
        if (named(member.getKey(), secrets)) {
            return !value.isNull() && !blankText(value);
        }
        return value instanceof ObjectNode object
                && object.properties().stream().anyMatch(inner -> holds(inner, secrets));
    }

    private static void blank(ObjectNode object, Collection<String> secrets) {
        for (Map.Entry<String, JsonNode> member : List.copyOf(object.properties())) {
            if (named(member.getKey(), secrets)) {
                object.putNull(member.getKey());
            } else if (member.getValue() instanceof ObjectNode inner) {
                blank(inner, secrets);
            }
        }
    }

    private static boolean named(String name, Collection<String> secrets) {
        return secrets.stream().anyMatch(name::equalsIgnoreCase);
    }

    private static boolean blankText(JsonNode value) {
        return value.isString() && value.stringValue().isBlank();
    }

    private static String place(TargetId id) {
        return "compute/" + id;
    }
}
