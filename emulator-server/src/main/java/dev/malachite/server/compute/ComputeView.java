package dev.malachite.server.compute;

import dev.malachite.engine.Fault;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A target as the service shows it: what the client sent, and over it what is so now. */
@Component
class ComputeView {

    private static final String TYPE = "Microsoft.MachineLearningServices/workspaces/computes";

    private final WireKinds kinds;

    ComputeView(WireKinds kinds) {
        this.kinds = kinds;
    }

    /** What GET answers. */
    ObjectNode of(Workspace workspace, Target target, State state) {
        ObjectNode resource = frame(workspace, target);
        ObjectNode properties = (ObjectNode) resource.get("properties");
        WireKind kind = kinds.of(target);
        String provisioning = Fault.hasFailed(state, target.id()) ? "Failed" : kind.provisioning(target, state);
        properties.put("provisioningState", provisioning);
        if (provisioning.equals("Failed") && !target.errors().isEmpty()) {
            ArrayNode errors = properties.putArray("provisioningErrors");
            target.errors()
                    .forEach(error -> errors.addObject()
                            .putObject("error")
                            .put("code", error.code())
                            .put("message", error.message()));
        }
        ObjectNode inner = (ObjectNode) properties.get("properties");
        kind.live(inner, target, state);
        return resource;
    }

    /** What PUT answers, for a new compute and for a changed one: nothing is known yet of its nodes (recorded traffic). */
    ObjectNode creating(Workspace workspace, Target target) {
        ObjectNode resource = frame(workspace, target);
        ObjectNode properties = (ObjectNode) resource.get("properties");
        properties.put("provisioningState", "Creating");
        ObjectNode inner = (ObjectNode) properties.get("properties");
        kinds.of(target).unknownAtFirst().forEach(inner::putNull);
        return resource;
    }

    private ObjectNode frame(Workspace workspace, Target target) {
        WireKind kind = kinds.of(target);
        ObjectNode stored = Json.parse(target.document());
        ObjectNode resource = Json.object();
        resource.put("id", workspace.armId() + "/computes/" + target.displayName());
        resource.put("name", target.displayName());
        resource.put("type", TYPE);
        String location = Json.string(stored, "location").orElse(workspace.location());
        resource.put("location", location);
        resource.set("tags", Json.member(stored, "tags").isObject() ? Json.member(stored, "tags") : Json.object());
        if (Json.member(stored, "identity") instanceof ObjectNode identity) {
            resource.set("identity", ComputeIdentity.shown(identity, target));
        }
        ObjectNode properties = Json.objectAt(stored, "properties").deepCopy();
        properties.put(
                "computeLocation", Json.string(properties, "computeLocation").orElse(location));
        properties.put("provisioningState", "");
        properties.put("createdOn", target.createdOn().toString());
        properties.put("modifiedOn", target.modifiedOn().toString());
        present(properties, "description");
        present(properties, "resourceId");
        properties.putNull("provisioningErrors");
        properties.put("isAttachedCompute", kind.attached(target));
        resource.set("properties", properties);
        ObjectNode inner =
                properties.get("properties") instanceof ObjectNode object ? object : properties.putObject("properties");
        kind.settings(inner, target);
        return resource;
    }

    /** The v1 SDK reads these keys without asking whether they are there. */
    static void present(ObjectNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            object.putNull(name);
        }
    }
}
