package dev.malachite.server.sweep;

import dev.malachite.server.web.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A sweep of the v1 SDK as the v2 SDK sees it. */
public record HyperDriveView(ObjectNode experiment) {

    /** Whether a run's definition is what HyperDrive was sent. */
    public static boolean is(ObjectNode definition) {
        return Json.member(definition, "generator_config").isObject();
    }

    private ObjectNode configuration() {
        ObjectNode platform = Json.objectAt(experiment, "platform_config");
        return Json.objectAt(Json.objectAt(platform, "Definition"), "Overrides");
    }

    /** The same sweep as the v2 SDK would write it, for its lists. */
    public ObjectNode asJob(String workspaceId) {
        ObjectNode job = Json.object();
        job.put("jobType", "Sweep");
        job.put(
                "computeId",
                workspaceId + "/computes/"
                        + Json.string(configuration(), "target").orElse(""));
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
