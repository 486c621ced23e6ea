package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.engine.Job;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A typed view over what the v1 SDK submits: {@code snapshotrun}'s body. */
record RunConfiguration(ObjectNode submission) {

    private static final long LONGEST_RUN_SECONDS = Duration.ofDays(30).toSeconds();

    private static final List<String> DATA = List.of("data", "dataReferences", "outputData");

    ObjectNode configuration() {
        return Json.objectAt(submission, "Configuration");
    }

    String snapshotId() {
        return Json.string(submission, "SnapshotId")
                .orElseThrow(() -> new AzureException(Errors.userError("The submission names no snapshot.")));
    }

    Optional<String> parentRunId() {
        return Json.string(submission, "ParentRunId");
    }

    String target() {
        return Json.string(configuration(), "target")
                .filter(name -> !name.isBlank())
                .orElseThrow(() -> new AzureException(Errors.userError("The run configuration names no target.")));
    }

    Optional<String> script() {
        return Json.string(configuration(), "script").filter(name -> !name.isBlank());
    }

    Optional<String> command() {
        return Json.string(configuration(), "command").filter(line -> !line.isBlank());
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        for (JsonNode argument : Json.member(configuration(), "arguments")) {
            arguments.add(argument.isString() ? argument.stringValue() : argument.toString());
        }
        return arguments;
    }

    /** As Azure Batch has it, from -1000 to 1000; the higher goes first. */
    int priority() {
        int priority = Json.member(configuration(), "priority").asInt(0);
        if (priority < Job.LOWEST_PRIORITY || priority > Job.HIGHEST_PRIORITY) {
            throw new AzureException(Errors.userError("priority must be from %d to %d, not %d."
                    .formatted(Job.LOWEST_PRIORITY, Job.HIGHEST_PRIORITY, priority)));
        }
        return priority;
    }

    Optional<Duration> maxRun() {
        long seconds = Json.member(configuration(), "maxRunDurationSeconds").asLong(0);
        if (seconds < 0 || seconds > LONGEST_RUN_SECONDS) {
            throw new AzureException(Errors.userError(
                    "maxRunDurationSeconds must be from 1 to %d, not %d.".formatted(LONGEST_RUN_SECONDS, seconds)));
        }
        return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }

    /** The environment's own variables, and over them the run's. */
    Map<String, String> environmentVariables() {
        Map<String, String> variables = new LinkedHashMap<>();
        addAll(variables, Json.objectAt(Json.objectAt(configuration(), "environment"), "environmentVariables"));
        addAll(variables, Json.objectAt(configuration(), "environmentVariables"));
        return variables;
    }

    private static void addAll(Map<String, String> variables, ObjectNode json) {
        for (Map.Entry<String, JsonNode> variable : json.properties()) {
            variables.put(variable.getKey(), variable.getValue().asString(""));
        }
    }

    /** Whether it names datasets, data references or outputs. */
    boolean hasData() {
        return DATA.stream()
                .anyMatch(data -> !Json.member(configuration(), data).isEmpty());
    }

    /** Refuses what cannot be run yet, by name, before anything is kept. */
    void check() {
        if (script().isEmpty() && command().isEmpty()) {
            throw new AzureException(Errors.userError("The run configuration has neither a script nor a command."));
        }
        Distribution.ofConfiguration(configuration());
    }
}
