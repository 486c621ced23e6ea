package dev.malachite.server.hyperdrive;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A typed view over a v2 job of type {@code Sweep}: its properties. */
record SweepForm(ObjectNode properties) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{\\{\\s*search_space\\.([^}\\s]+)\\s*}}");

    /** What a trial shares with its sweep as it is. */
    private static final List<String> SHARED =
            List.of("computeId", "identity", "inputs", "outputs", "experimentName", "queueSettings", "resources");

    /** What only the trial component says. */
    private static final List<String> OF_THE_TRIAL =
            List.of("command", "codeId", "environmentId", "environmentVariables", "distribution", "resources");

    String experiment() {
        return Json.string(properties, "experimentName")
                .filter(name -> !name.isBlank())
                .orElse("Default");
    }

    Optional<String> displayName() {
        return Json.string(properties, "displayName");
    }

    String target() {
        String id = Json.string(properties, "computeId").orElse("");
        return id.substring(id.lastIndexOf('/') + 1);
    }

    /** The command job that a trial is, the point's values in place. */
    ObjectNode trial(Map<String, String> point) {
        ObjectNode component = Json.objectAt(properties, "trial");
        if (Json.string(component, "command").isEmpty()) {
            throw new AzureException(Errors.invalidParameter("properties.trial.command", "it is required."));
        }
        ObjectNode job = Json.object().put("jobType", "Command");
        SHARED.forEach(name -> copy(properties, name, job));
        OF_THE_TRIAL.forEach(name -> copy(component, name, job));
        Json.string(Json.objectAt(properties, "limits"), "trialTimeout")
                .ifPresent(timeout ->
                        job.putObject("limits").put("jobLimitsType", "Command").put("timeout", timeout));
        job.put("command", filled(Json.string(job, "command").orElse(""), point));
        fill(Json.objectAt(job, "environmentVariables"), point);
        for (JsonNode input : Json.objectAt(job, "inputs").values()) {
            if (input instanceof ObjectNode object) {
                fill(object, point);
            }
        }
        return job;
    }

    private static void copy(ObjectNode from, String name, ObjectNode to) {
        JsonNode value = Json.member(from, name);
        if (!value.isMissingNode() && !value.isNull()) {
            to.set(name, value.deepCopy());
        }
    }

    private static void fill(ObjectNode strings, Map<String, String> point) {
        for (String name : List.copyOf(strings.propertyNames())) {
            JsonNode value = strings.path(name);
            if (value.isString()) {
                strings.put(name, filled(value.stringValue(), point));
            }
        }
    }

    private static String filled(String text, Map<String, String> point) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String value = point.get(matcher.group(1));
            if (value == null) {
                throw new AzureException(
                        Errors.userError("The trial refers to search_space.%s, which the search space does not have."
                                .formatted(matcher.group(1))));
            }
            matcher.appendReplacement(filled, Matcher.quoteReplacement(Values.plain(value)));
        }
        return matcher.appendTail(filled).toString();
    }
}
