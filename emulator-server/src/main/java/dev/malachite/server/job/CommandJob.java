package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.engine.Job;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A typed view over what the v2 SDK submits: the properties of a {@code Command} job. */
record CommandJob(ObjectNode properties) {

    private static final Duration LONGEST_RUN = Duration.ofDays(30);

    String command() {
        return Json.string(properties, "command")
                .filter(line -> !line.isBlank())
                .orElseThrow(
                        () -> new AzureException(Errors.invalidParameter("properties.command", "it is required.")));
    }

    String environmentId() {
        return Json.string(properties, "environmentId")
                .orElseThrow(() ->
                        new AzureException(Errors.invalidParameter("properties.environmentId", "it is required.")));
    }

    Optional<String> codeId() {
        return Json.string(properties, "codeId");
    }

    /** What the SDK sends for the compute; empty for a job that names none. */
    Optional<String> computeId() {
        return Json.string(properties, "computeId").filter(id -> !id.isBlank());
    }

    /** The compute's name: the last segment of its id. */
    String target() {
        String id = computeId().orElse("");
        return id.substring(id.lastIndexOf('/') + 1);
    }

    String experiment() {
        return Json.string(properties, "experimentName")
                .filter(name -> !name.isBlank())
                .orElse("Default");
    }

    /** The job of which it is a child, by azure-ai-ml's {@code parent_job_name}. */
    Optional<String> parent() {
        return Json.string(properties, "parentJobName").filter(name -> !name.isBlank());
    }

    Optional<String> displayName() {
        return Json.string(properties, "displayName");
    }

    Map<String, String> strings(String name) {
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : Json.objectAt(properties, name).properties()) {
            strings.put(entry.getKey(), entry.getValue().asString(""));
        }
        return strings;
    }

    /** azure-ai-ml sends low, medium and high as 1, 2 and 3; the higher goes first. */
    int priority() {
        int priority = Json.member(Json.objectAt(properties, "queueSettings"), "priority")
                .asInt(0);
        if (priority < Job.LOWEST_PRIORITY || priority > Job.HIGHEST_PRIORITY) {
            throw new AzureException(Errors.invalidParameter(
                    "properties.queueSettings.priority",
                    "it must be from %d to %d, not %d."
                            .formatted(Job.LOWEST_PRIORITY, Job.HIGHEST_PRIORITY, priority)));
        }
        return priority;
    }

    Optional<Duration> maxRun() {
        return Json.string(Json.objectAt(properties, "limits"), "timeout").map(text -> {
            try {
                Duration limit = Duration.parse(text);
                if (limit.isPositive() && limit.compareTo(LONGEST_RUN) <= 0) {
                    return limit;
                }
            } catch (DateTimeParseException e) {
                // falls through to the one message
            }
            throw new AzureException(Errors.invalidParameter(
                    "properties.limits.timeout",
                    "an ISO 8601 duration of at most 30 days, such as 'PT1H', is expected, not '%s'.".formatted(text)));
        });
    }

    /** Refuses what cannot be run yet, by name, before anything is kept. */
    void check() {
        String type = Json.string(properties, "jobType").orElse("");
        if (!type.equalsIgnoreCase("Command")) {
            String wayOut = switch (type.toLowerCase(Locale.ROOT)) {
                case "automl" -> "use a command or a sweep job";
                case "spark" -> "use a command job whose environment has pyspark";
                default -> "supported are Command, Pipeline and Sweep";
            };
            throw new AzureException(Errors.userError(
                    "Job type '%s' is not supported by this version of Malachite; %s.".formatted(type, wayOut)));
        }
        if (Json.member(Json.objectAt(Json.objectAt(properties, "resources"), "properties"), "IsLocal")
                .isObject()) {
            throw new AzureException(Errors.userError(
                    "Runs on the client's own machine (compute 'local') are not supported; name a cluster."));
        }
        JobResources.of(properties);
        Distribution.ofJob(properties);
        command();
        maxRun();
    }
}
