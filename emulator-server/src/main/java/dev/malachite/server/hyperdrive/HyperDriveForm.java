package dev.malachite.server.hyperdrive;

import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A typed view over what the v1 SDK sends HyperDrive; the parent run's definition keeps it as it was received. */
record HyperDriveForm(ObjectNode experiment) {

    /** Whether a run's definition is of this form. */
    static boolean is(ObjectNode definition) {
        return Json.member(definition, "generator_config").isObject();
    }

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
                all.add(given);
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

    /** The same sweep as the v2 SDK would write it, for its lists. */
    ObjectNode asJob(String workspaceId) {
        ObjectNode job = Json.object();
        job.put("jobType", "Sweep");
        job.put("computeId", workspaceId + "/computes/" + target());
        job.set("searchSpace", Json.member(Json.objectAt(experiment, "generator_config"), "parameter_space"));
        job.putObject("samplingAlgorithm").put("samplingAlgorithmType", algorithm());
        ObjectNode metric = Json.objectAt(experiment, "primary_metric_config");
        job.putObject("objective")
                .put(
                        "goal",
                        Json.string(metric, "goal")
                                        .filter("minimize"::equalsIgnoreCase)
                                        .isPresent()
                                ? "Minimize"
                                : "Maximize")
                .put("primaryMetric", Json.string(metric, "name").orElse(""));
        ObjectNode limits = job.putObject("limits");
        limits.put("jobLimitsType", "Sweep");
        limits.set("maxTotalTrials", Json.member(experiment, "max_total_jobs"));
        limits.set("maxConcurrentTrials", Json.member(experiment, "max_concurrent_jobs"));
        limits.put(
                "timeout",
                "PT%dM"
                        .formatted(
                                Json.member(experiment, "max_duration_minutes").asLong(10_080)));
        policy().ifPresent(policy -> job.set("earlyTermination", policy));
        ObjectNode trial = job.putObject("trial");
        trial.put(
                "command",
                Json.string(configuration(), "command")
                        .filter(line -> !line.isBlank())
                        .orElse("python "
                                + Json.string(configuration(), "script").orElse("")));
        trial.put("environmentId", workspaceId + "/environments/v1/versions/1");
        job.putObject("inputs");
        job.putObject("outputs");
        return job;
    }

    private String algorithm() {
        String name = Json.string(Json.objectAt(experiment, "generator_config"), "name")
                .orElse("");
        return name.equalsIgnoreCase("grid") ? "Grid" : name.equalsIgnoreCase("random") ? "Random" : "Bayesian";
    }

    private Optional<ObjectNode> policy() {
        ObjectNode config = Json.objectAt(experiment, "policy_config");
        String name = Json.string(config, "name").orElse("Default");
        if (name.equalsIgnoreCase("default")) {
            return Optional.empty();
        }
        ObjectNode policy = Json.object().put("policyType", name);
        Map<String, String> names = new LinkedHashMap<>();
        names.put("evaluation_interval", "evaluationInterval");
        names.put("delay_evaluation", "delayEvaluation");
        names.put("slack_factor", "slackFactor");
        names.put("slack_amount", "slackAmount");
        names.put("truncation_percentage", "truncationPercentage");
        ObjectNode properties = Json.objectAt(config, "properties");
        names.forEach((from, to) -> {
            if (properties.has(from)) {
                policy.set(to, properties.path(from));
            }
        });
        return Optional.of(policy);
    }
}
