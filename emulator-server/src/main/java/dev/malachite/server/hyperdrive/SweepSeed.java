package dev.malachite.server.hyperdrive;

import dev.malachite.engine.sweep.Goal;
import dev.malachite.engine.sweep.Sampling;
import dev.malachite.engine.sweep.SweepPlan;
import dev.malachite.engine.sweep.Termination;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tags and properties that a sweep's run has in the service, by which the v1 SDK makes a {@code HyperDriveRun} out of
 * it (azureml-train-core 1.61, and runs of the real service that people have published).
 */
final class SweepSeed {

    static final String SYSTEM = "_aml_system_";

    private SweepSeed() {}

    static Map<String, String> tags(SweepPlan plan, ObjectNode space, ObjectNode platform) {
        ObjectNode generator = Json.object().put("name", sampling(plan.sampling()));
        generator.set("parameter_space", space);
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(SYSTEM + "max_concurrent_jobs", Integer.toString(plan.limits().concurrent()));
        tags.put(SYSTEM + "max_total_jobs", Integer.toString(plan.limits().total()));
        tags.put(
                SYSTEM + "max_duration_minutes",
                Long.toString(plan.limits().timeout().map(Duration::toMinutes).orElse(10_080L)));
        tags.put(SYSTEM + "policy_config", Json.text(policy(plan.termination())));
        tags.put(SYSTEM + "generator_config", Json.text(generator));
        tags.put(SYSTEM + "primary_metric_config", metric(plan));
        tags.put(SYSTEM + "platform_config", Json.text(platform));
        tags.put(SYSTEM + "resume_child_runs", "null");
        tags.put(SYSTEM + "all_jobs_generated", "false");
        tags.put(SYSTEM + "cancellation_requested", "false");
        return tags;
    }

    static Map<String, String> properties(SweepPlan plan, String snapshot) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("primary_metric_config", metric(plan));
        properties.put("resume_from", "null");
        properties.put("runTemplate", "HyperDrive");
        properties.put("azureml.runsource", "hyperdrive");
        properties.put("platform", "AML");
        if (!snapshot.isEmpty()) {
            properties.put("ContentSnapshotId", snapshot);
        }
        properties.put(
                "space_size",
                plan.space().count().isPresent()
                        ? Long.toString(plan.space().count().getAsLong())
                        : "infinite_space_size");
        return properties;
    }

    private static String metric(SweepPlan plan) {
        return Json.text(Json.object()
                .put("name", plan.metric())
                .put("goal", plan.goal() == Goal.MAXIMIZE ? "maximize" : "minimize"));
    }

    private static String sampling(Sampling sampling) {
        return switch (sampling) {
            case Sampling.Grid _ -> "GRID";
            case Sampling.Random _, Sampling.Sobol _ -> "RANDOM";
            case Sampling.Bayesian _ -> "BayesianOptimization";
        };
    }

    private static ObjectNode policy(Termination termination) {
        return switch (termination) {
            case Termination.Never _ -> Json.object().put("name", "Default");
            case Termination.Bandit bandit -> {
                ObjectNode policy = policy("Bandit", bandit);
                properties(policy)
                        .put(
                                bandit.amount() > 0 ? "slack_amount" : "slack_factor",
                                bandit.amount() > 0 ? bandit.amount() : bandit.factor());
                yield policy;
            }
            case Termination.MedianStopping median -> policy("MedianStopping", median);
            case Termination.TruncationSelection truncation -> {
                ObjectNode policy = policy("TruncationSelection", truncation);
                properties(policy)
                        .put("truncation_percentage", truncation.percentage())
                        .put("exclude_finished_jobs", false);
                yield policy;
            }
        };
    }

    private static ObjectNode policy(String name, Termination termination) {
        ObjectNode policy = Json.object().put("name", name);
        policy.putObject("properties")
                .put("evaluation_interval", termination.pace().interval())
                .put("delay_evaluation", termination.pace().delay());
        return policy;
    }

    private static ObjectNode properties(ObjectNode policy) {
        JsonNode properties = policy.path("properties");
        return (ObjectNode) properties;
    }
}
