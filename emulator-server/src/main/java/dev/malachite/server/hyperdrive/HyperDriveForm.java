package dev.malachite.server.hyperdrive;

import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A typed view over what the v1 SDK sends HyperDrive; the parent run's definition keeps it as it was received. */
record HyperDriveForm(ObjectNode experiment) {

    ObjectNode platform() {
        return Json.objectAt(experiment, "platform_config");
    }

    ObjectNode definition() {
        return Json.objectAt(platform(), "Definition");
    }

    ObjectNode configuration() {
        return Json.objectAt(definition(), "Overrides");
    }

    Optional<String> snapshot() {
        return Json.string(definition(), "SnapshotId");
    }

    String target() {
        return Json.string(configuration(), "target").orElse("");
    }

    /** Whether it goes on from where earlier sweeps ended. */
    boolean resumes() {
        return notEmpty("resume_from") || notEmpty("resume_child_runs");
    }

    private boolean notEmpty(String member) {
        return Json.member(experiment, member) instanceof ArrayNode list && !list.isEmpty();
    }

    /**
     * What the execution service would be sent for a trial: the parameters stand at the end of the script's arguments, by
     * their names, to which hyphens are put where they have none.
     */
    ObjectNode submission(Map<String, String> point) {
        ObjectNode configuration = configuration().deepCopy();
        List<String> arguments = new ArrayList<>();
        point.forEach((name, json) -> {
            arguments.add(name.startsWith("-") ? name : "--" + name);
            arguments.add(Values.plain(json));
        });
        Optional<String> command = Json.string(configuration, "command").filter(line -> !line.isBlank());
        if (command.isPresent()) {
            configuration.put("command", command.get() + " " + String.join(" ", quoted(arguments)));
        } else {
            ArrayNode all = Json.array();
            for (JsonNode given : Json.member(configuration, "arguments")) {
                all.add(given.isString() ? given.stringValue() : Json.text(given));
            }
            arguments.forEach(all::add);
            configuration.set("arguments", all);
        }
        ObjectNode submission = Json.object();
        submission.set("Configuration", configuration);
        snapshot().ifPresent(id -> submission.put("SnapshotId", id));
        return submission;
    }

    private static List<String> quoted(List<String> arguments) {
        return arguments.stream()
                .map(text -> text.matches("[\\w.,:/=+-]+") ? text : "'" + text.replace("'", "'\\''") + "'")
                .toList();
    }
}
