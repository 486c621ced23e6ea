package dev.malachite.server.pipeline;

import dev.malachite.api.Errors;
import dev.malachite.engine.Plan;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A typed view over a job of type {@code Pipeline}.
 *
 * @param run its run id
 * @param properties as received
 * @param steps by name, in the order in which they stand there
 * @param declared the inputs that its component declares; empty for one that was written as a whole
 */
record Pipeline(String run, ObjectNode properties, Map<String, Step> steps, ObjectNode declared) {

    Step step(String name) {
        return Optional.ofNullable(steps.get(name))
                .orElseThrow(
                        () -> new AzureException(Errors.userError("The pipeline has no step '%s'.".formatted(name))));
    }

    String experiment() {
        return Json.string(properties, "experimentName")
                .filter(name -> !name.isBlank())
                .orElse("Default");
    }

    Optional<String> defaultCompute() {
        return setting("default_compute")
                .or(() -> Json.string(properties, "computeId"))
                .filter(text -> !text.isBlank())
                .map(Words::compute);
    }

    Optional<String> defaultDatastore() {
        return setting("default_datastore")
                .filter(text -> !text.isBlank())
                .map(Words::compute)
                .map(id -> id.substring(id.lastIndexOf('/') + 1));
    }

    /** By default the others go on (Azure's YAML reference for pipeline jobs). */
    boolean goesOn() {
        return !setting("continue_on_step_failure").orElse("true").equalsIgnoreCase("false");
    }

    boolean forcesRerun() {
        return setting("force_rerun").orElse("false").equalsIgnoreCase("true");
    }

    private Optional<String> setting(String name) {
        ObjectNode settings = Json.objectAt(properties, "settings");
        JsonNode value = Json.member(settings, name);
        if (value.isMissingNode()) {
            value = Json.member(settings, name.replace("_", "")); // older clients write them in one word
        }
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value.asString(""));
    }

    /** What was given for an input, or its default; empty for one that has neither. */
    Optional<ObjectNode> input(String name) {
        JsonNode given = Json.objectAt(properties, "inputs").path(name);
        if (given instanceof ObjectNode object) {
            return Optional.of(object);
        }
        return Wiring.defaultOf(Json.objectAt(declared, name));
    }

    Plan.Steps plan() {
        List<Plan.Steps.Step> all = steps.values().stream()
                .map(step -> new Plan.Steps.Step(step.name(), List.copyOf(step.after())))
                .toList();
        return new Plan.Steps(all, goesOn());
    }
}
