package dev.malachite.server.store;

import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Scale;
import dev.malachite.engine.VmPriority;
import dev.malachite.engine.VmSize;
import dev.malachite.server.web.Json;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a target is, as it is stored; a kind is told by the name of its record. */
final class KindJson {

    private KindJson() {}

    static String write(ComputeKind kind) {
        ObjectNode json = Json.object();
        switch (kind) {
            case ComputeKind.AmlCompute cluster -> {
                json.put("kind", "AmlCompute");
                size(json, cluster.size());
                json.put("priority", cluster.priority().name());
                json.put("min", cluster.scale().min());
                json.put("max", cluster.scale().max());
                json.put("idle", cluster.scale().idle().toString());
            }
            case ComputeKind.Serverless serverless -> {
                json.put("kind", "Serverless");
                size(json, serverless.size());
                json.put("priority", serverless.priority().name());
                json.put("nodes", serverless.nodes());
                json.put("run", serverless.run());
            }
            case ComputeKind.VirtualMachine machine -> {
                elsewhere(json.put("kind", "VirtualMachine"), machine);
                json.put("address", machine.address().orElse(null));
                json.put("sshPort", machine.sshPort());
                json.put("user", machine.user().orElse(null));
            }
            case ComputeKind.External external -> {
                elsewhere(json.put("kind", "External"), external);
                json.put("service", external.service().name());
            }
            case ComputeKind.ComputeInstance instance -> {
                json.put("kind", "ComputeInstance");
                size(json, instance.size());
                json.put("slots", instance.slots());
                instance.idleBeforeShutdown().ifPresent(idle -> json.put("idle", idle.toString()));
                json.put("creationScript", instance.creationScript());
                json.put("startupScript", instance.startupScript());
            }
            case ComputeKind.MadeMachine machine -> {
                json.put("kind", "MadeMachine");
                size(json, machine.size());
                json.put("user", machine.user());
            }
        }
        return Json.text(json);
    }

    private static void elsewhere(ObjectNode json, ComputeKind.Elsewhere kind) {
        json.put("attached", kind.attached());
        json.put("resource", kind.resource().orElse(null));
    }

    private static void size(ObjectNode json, VmSize size) {
        json.putObject("size")
                .put("name", size.name())
                .put("family", size.family())
                .put("vCpus", size.vCpus())
                .put("gpus", size.gpus())
                .put("memoryMib", size.memoryMib());
    }

    static ComputeKind read(String stored) {
        ObjectNode json = Json.parse(stored);
        String kind = json.path("kind").stringValue();
        return switch (kind) {
            case "AmlCompute" ->
                new ComputeKind.AmlCompute(
                        size(json.path("size")),
                        priority(json),
                        new Scale(
                                json.path("min").intValue(),
                                json.path("max").intValue(),
                                Duration.parse(json.path("idle").stringValue())));
            case "Serverless" ->
                new ComputeKind.Serverless(
                        size(json.path("size")),
                        priority(json),
                        json.path("nodes").intValue(),
                        json.path("run").stringValue());
            case "VirtualMachine" ->
                new ComputeKind.VirtualMachine(
                        json.path("attached").booleanValue(),
                        Json.string(json, "resource"),
                        Json.string(json, "address"),
                        json.path("sshPort").intValue(),
                        Json.string(json, "user"));
            case "External" ->
                new ComputeKind.External(
                        ComputeKind.External.Service.valueOf(
                                json.path("service").stringValue()),
                        json.path("attached").booleanValue(),
                        Json.string(json, "resource"));
            case "ComputeInstance" ->
                new ComputeKind.ComputeInstance(
                        size(json.path("size")),
                        json.path("slots").intValue(),
                        Json.string(json, "idle").map(Duration::parse),
                        json.path("creationScript").booleanValue(),
                        json.path("startupScript").booleanValue());
            case "MadeMachine" ->
                new ComputeKind.MadeMachine(
                        size(json.path("size")), json.path("user").stringValue());
            default -> throw new IllegalStateException("unknown compute kind in the store: " + kind);
        };
    }

    private static VmPriority priority(JsonNode kind) {
        return VmPriority.valueOf(kind.path("priority").stringValue());
    }

    private static VmSize size(JsonNode size) {
        return new VmSize(
                size.path("name").stringValue(),
                size.path("family").stringValue(),
                size.path("vCpus").intValue(),
                size.path("gpus").intValue(),
                size.path("memoryMib").longValue());
    }
}
