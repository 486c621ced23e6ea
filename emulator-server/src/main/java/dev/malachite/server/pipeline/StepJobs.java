package dev.malachite.server.pipeline;

import dev.malachite.server.web.Json;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes of a step the job that it is: the same document that a user would submit for it alone. */
final class StepJobs {

    private final Wiring wiring;
    private final Pipeline pipeline;

    StepJobs(Wiring wiring) {
        this.wiring = wiring;
        this.pipeline = wiring.pipeline();
    }

    ObjectNode document(Step step, String run) {
        return switch (step.kind()) {
            case COMMAND -> command(step, run);
            case SWEEP -> sweep(step, run);
            case PIPELINE -> nested(step, run);
        };
    }

    private ObjectNode common(Step step, String run, String type) {
        ObjectNode job = Json.object();
        job.put("jobType", type);
        job.put("displayName", Json.string(step.node(), "display_name").orElse(step.name()));
        job.put("experimentName", pipeline.experiment());
        Json.string(step.node(), "description").ifPresent(text -> job.put("description", text));
        job.set("tags", Json.objectAt(step.node(), "tags").deepCopy());
        job.set("properties", properties(step));
        job.set("inputs", wiring.inputs(step));
        job.set("outputs", wiring.outputs(step, run));
        job.put("isArchived", false);
        compute(step).ifPresent(compute -> job.put("computeId", compute));
        Optional.of(Json.member(step.node(), "identity"))
                .filter(JsonNode::isObject)
                .ifPresent(identity -> job.set("identity", identity.deepCopy()));
        return job;
    }

    /** As the service writes them on the runs of steps (Azure's own clients look for them). */
    private ObjectNode properties(Step step) {
        ObjectNode properties = Json.objectAt(step.node(), "properties").deepCopy();
        properties.put("azureml.pipelinerunid", pipeline.run());
        properties.put("azureml.nodeid", PipelineLog.node(pipeline.run(), step.name()));
        properties.put(
                "azureml.runsource", step.kind() == Step.Kind.PIPELINE ? "azureml.PipelineRun" : "azureml.StepRun");
        properties.put(
                "azureml.moduleName", Json.string(step.component(), "name").orElse(step.name()));
        properties.put("stepType", step.kind() == Step.Kind.SWEEP ? "SweepStep" : "AzureMLComputeStep");
        return properties;
    }

    private Optional<String> compute(Step step) {
        return Json.string(step.node(), "computeId")
                .or(() -> Json.string(step.node(), "compute"))
                .filter(text -> !text.isBlank())
                .map(Words::compute)
                .or(pipeline::defaultCompute);
    }

    private ObjectNode command(Step step, String run) {
        ObjectNode job = common(step, run, "Command");
        job.put("componentId", step.componentId());
        trial(step).properties().forEach(member -> job.set(member.getKey(), member.getValue()));
        ObjectNode limits = Json.objectAt(step.node(), "limits");
        if (limits.isEmpty()) {
            limits = Json.objectAt(step.component(), "limits");
        }
        if (!limits.isEmpty()) {
            job.set("limits", Words.limits(limits, "Command"));
        }
        ObjectNode services = Json.object();
        Json.objectAt(step.node(), "services")
                .properties()
                .forEach(service -> services.set(service.getKey(), Words.camel(service.getValue())));
        if (!services.isEmpty()) {
            job.set("services", services);
        }
        ObjectNode queue = Words.camel(Json.objectAt(step.node(), "queue_settings"));
        if (!queue.isEmpty()) {
            job.set("queueSettings", queue);
        }
        return job;
    }

    /** The part of it that a sweep's trials have too. */
    private ObjectNode trial(Step step) {
        ObjectNode component = step.component();
        ObjectNode node = step.node();
        ObjectNode trial = Json.object();
        trial.put("command", Json.string(component, "command").orElse(""));
        environment(component).or(() -> environment(node)).ifPresent(id -> trial.put("environmentId", id));
        Json.string(component, "code")
                .filter(code -> !code.isBlank())
                .ifPresent(code -> trial.put("codeId", Words.id(code)));
        ObjectNode variables = Json.object();
        merge(variables, Json.objectAt(component, "environment_variables"));
        merge(variables, Json.objectAt(node, "environment_variables"));
        trial.set("environmentVariables", variables);
        ObjectNode distribution = Json.objectAt(node, "distribution");
        if (distribution.isEmpty()) {
            distribution = Json.objectAt(component, "distribution");
        }
        if (!distribution.isEmpty()) {
            trial.set("distribution", Words.distribution(distribution));
        }
        ObjectNode resources = Json.object();
        merge(resources, Words.camel(Json.objectAt(component, "resources")));
        merge(resources, Words.camel(Json.objectAt(node, "resources")));
        if (!resources.isEmpty()) {
            JsonNode count = resources.path("instanceCount");
            if (count.isString() && count.stringValue().matches("\\d{1,9}")) {
                resources.put("instanceCount", Integer.parseInt(count.stringValue()));
            }
            trial.set("resources", resources);
        }
        return trial;
    }

    private static Optional<String> environment(ObjectNode of) {
        return Json.string(of, "environment").filter(id -> !id.isBlank()).map(Words::id);
    }

    private static void merge(ObjectNode into, ObjectNode from) {
        from.properties().forEach(member -> into.set(member.getKey(), member.getValue()));
    }

    private ObjectNode nested(Step step, String run) {
        ObjectNode job = common(step, run, "Pipeline");
        job.put("componentId", step.componentId());
        ObjectNode settings = job.putObject("settings");
        compute(step).ifPresent(compute -> settings.put("default_compute", compute));
        settings.put("default_datastore", wiring.datastore());
        settings.put("continue_on_step_failure", pipeline.goesOn());
        settings.put("force_rerun", pipeline.forcesRerun());
        return job;
    }

    private ObjectNode sweep(Step step, String run) {
        ObjectNode job = common(step, run, "Sweep");
        ObjectNode trial = trial(step);
        job.set("trial", trial);
        // Each trial has a place of its own; the step's outputs are those of the best one.
        for (Map.Entry<String, JsonNode> output : Json.objectAt(job, "outputs").properties()) {
            ObjectNode place = (ObjectNode) output.getValue();
            String type = Json.string(place, "jobOutputType").orElse("");
            place.put("uri", wiring.usual("${{name}}", output.getKey(), type));
        }
        ObjectNode space = job.putObject("searchSpace");
        for (Map.Entry<String, JsonNode> each :
                Json.objectAt(step.node(), "search_space").properties()) {
            String name = each.getKey();
            space.set(name, distribution(each.getValue()));
            // The component knows it as an input, the trial as what is searched for.
            ((ObjectNode) job.path("inputs")).remove(name);
            trial.put(
                    "command",
                    trial.path("command")
                            .asString("")
                            .replaceAll(
                                    "\\$\\{\\{\\s*inputs\\.%s\\s*}}".formatted(Pattern.quote(name)),
                                    Matcher.quoteReplacement("${{search_space.%s}}".formatted(name))));
        }
        JsonNode sampling = Json.member(step.node(), "sampling_algorithm");
        ObjectNode algorithm = sampling.isObject() ? Words.camel(sampling) : Json.object();
        String type =
                sampling.isObject() ? Json.string(algorithm, "type").orElse("random") : sampling.asString("random");
        algorithm.remove("type");
        job.set("samplingAlgorithm", algorithm.put("samplingAlgorithmType", capital(type)));
        job.set("objective", Words.camel(Json.objectAt(step.node(), "objective")));
        job.set("limits", Words.limits(Json.objectAt(step.node(), "limits"), "Sweep"));
        ObjectNode early = Words.camel(Json.objectAt(step.node(), "early_termination"));
        if (!early.isEmpty()) {
            String policy = Json.string(early, "type")
                    .or(() -> Json.string(early, "policyType"))
                    .orElse("");
            early.remove("type");
            job.set("earlyTermination", early.put("policyType", policies(policy)));
        }
        return job;
    }

    /** {@code {"type": "uniform", "min_value": 0, "max_value": 1}} is {@code ["uniform", [0, 1]]} in a job. */
    private static JsonNode distribution(JsonNode described) {
        if (!described.isObject()) {
            return described;
        }
        ArrayNode all = Json.array().add(Json.string(described, "type").orElse("choice"));
        return all.add(arguments(described));
    }

    private static ArrayNode arguments(JsonNode described) {
        ArrayNode arguments = Json.array();
        for (String name : new String[] {"min_value", "max_value", "mu", "sigma", "upper", "q"}) {
            JsonNode value = Json.member(described, name);
            if (!value.isMissingNode() && !value.isNull()) {
                arguments.add(value);
            }
        }
        if (Json.member(described, "values") instanceof ArrayNode values) { // of a choice
            ArrayNode options = arguments.addArray();
            values.forEach(value -> options.add(option(value)));
        }
        return arguments;
    }

    /** An option may be a space of its own. */
    private static JsonNode option(JsonNode value) {
        if (!value.isObject()) {
            return value;
        }
        ObjectNode option = Json.object();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode inner = member.getValue();
            boolean described = inner.isObject()
                    && Json.string(inner, "type").isPresent()
                    && !arguments(inner).isEmpty();
            option.set(member.getKey(), described ? distribution(inner) : inner);
        }
        return option;
    }

    private static String capital(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static String policies(String policy) {
        return switch (policy) {
            case "bandit" -> "Bandit";
            case "median_stopping" -> "MedianStopping";
            case "truncation_selection" -> "TruncationSelection";
            default -> policy;
        };
    }
}
