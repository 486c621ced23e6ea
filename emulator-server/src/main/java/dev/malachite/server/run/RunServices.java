package dev.malachite.server.run;

import dev.malachite.server.web.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** The services (JupyterLab, SSH and the like) that a job asked for, as its nodes have them: none runs here, and each says so. */
final class RunServices {

    /** What every job is shown with; a job that is submitted again brings them along. */
    private static final Set<String> OURS = Set.of("Tracking", "Studio");

    private RunServices() {}

    /** By the names that the job gave them; a job that asked for none has none. */
    static ObjectNode of(Optional<ObjectNode> definition) {
        ObjectNode answer = Json.object();
        ObjectNode instances = answer.putObject("instances");
        definition
                .map(job -> Json.objectAt(job, "services").properties())
                .ifPresent(services -> services.stream()
                        .filter(service -> !OURS.contains(service.getKey()))
                        .forEach(service -> instances.set(service.getKey(), instance(service))));
        return answer;
    }

    private static ObjectNode instance(Map.Entry<String, JsonNode> service) {
        JsonNode asked = service.getValue();
        String type = Json.string(asked, "jobServiceType").orElse("Custom");
        ObjectNode instance = Json.object().put("type", type);
        instance.set("port", Json.member(asked, "port").isInt() ? Json.member(asked, "port") : NullNode.getInstance());
        instance.put("status", "Failed");
        ObjectNode error = instance.putObject("error").putObject("error");
        error.put("code", "ServiceNotSupported");
        error.put(
                "message",
                "The service '%s' (%s) is accepted, but not run by this emulator.".formatted(service.getKey(), type));
        error.putArray("details");
        instance.putNull("endpoint");
        instance.set("properties", Json.objectAt(asked, "properties"));
        return instance;
    }
}
