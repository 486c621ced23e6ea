package dev.malachite.server.sweep;

import static dev.malachite.server.sweep.SpaceReader.bad;

import dev.malachite.engine.sweep.BadSweep;
import dev.malachite.engine.sweep.Goal;
import dev.malachite.engine.sweep.Sampling;
import dev.malachite.engine.sweep.SearchSpace;
import dev.malachite.engine.sweep.SweepPlan;
import dev.malachite.engine.sweep.Termination;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what either SDK asks of a sweep. */
public final class SweepReader {

    /** What the service does where nothing is said (its schema of sweep jobs). */
    private static final Duration DEFAULT_TIMEOUT = Duration.ofDays(60);

    /** HyperDrive cuts off what is longer (its SDK says so). */
    private static final long LONGEST_MINUTES = 10_080;

    private static final int MOST_CONCURRENT_V1 = 100;

    private SweepReader() {}

    /**
     * The properties of a v2 job of type {@code Sweep}.
     *
     * @param seed for a sweep that names none
     */
    public static SweepPlan fromJob(ObjectNode job, long seed) {
        return sound(() -> {
            SearchSpace space = SpaceReader.read(Json.member(job, "searchSpace"));
            ObjectNode objective = Json.objectAt(job, "objective");
            ObjectNode limits = Json.objectAt(job, "limits");
            int total = number(limits, "maxTotalTrials").orElse(SweepPlan.MOST_TRIALS);
            return new SweepPlan(
                    space,
                    sampling(Json.objectAt(job, "samplingAlgorithm"), seed),
                    required(objective, "primaryMetric", "objective.primaryMetric"),
                    goal(required(objective, "goal", "objective.goal")),
                    termination(Json.objectAt(job, "earlyTermination")),
                    new SweepPlan.Limits(
                            total,
                            number(limits, "maxConcurrentTrials").orElse(total),
                            Optional.of(duration(limits, "timeout").orElse(DEFAULT_TIMEOUT)),
                            duration(limits, "trialTimeout")));
        });
    }

    /**
     * What HyperDrive of the v1 SDK is sent.
     *
     * @param seed for a sweep that names none
     */
    public static SweepPlan fromHyperDrive(ObjectNode experiment, long seed) {
        return sound(() -> {
            ObjectNode generator = Json.objectAt(experiment, "generator_config");
            ObjectNode metric = Json.objectAt(experiment, "primary_metric_config");
            int total = number(experiment, "max_total_jobs").orElse(SweepPlan.MOST_TRIALS);
            int concurrent = number(experiment, "max_concurrent_jobs").orElse(Math.min(total, MOST_CONCURRENT_V1));
            if (concurrent > MOST_CONCURRENT_V1) {
                throw bad("max_concurrent_jobs must be from 1 to %d, but is %d."
                        .formatted(MOST_CONCURRENT_V1, concurrent));
            }
            long minutes = Json.member(experiment, "max_duration_minutes").asLong(LONGEST_MINUTES);
            return new SweepPlan(
                    SpaceReader.read(Json.member(generator, "parameter_space")),
                    hyperDriveSampling(generator, seed),
                    required(metric, "name", "primary_metric_config.name"),
                    goal(required(metric, "goal", "primary_metric_config.goal")),
                    hyperDrivePolicy(Json.objectAt(experiment, "policy_config")),
                    new SweepPlan.Limits(
                            total,
                            concurrent,
                            Optional.of(Duration.ofMinutes(Math.min(minutes, LONGEST_MINUTES))),
                            Optional.empty()));
        });
    }

    private interface Reading {
        SweepPlan read();
    }

    private static SweepPlan sound(Reading reading) {
        try {
            return reading.read();
        } catch (BadSweep e) {
            throw bad(e.reason());
        }
    }

    private static Sampling sampling(ObjectNode algorithm, long given) {
        String type = required(algorithm, "samplingAlgorithmType", "samplingAlgorithm");
        long seed = Json.member(algorithm, "seed").asLong(given);
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "random" -> {
                String rule = Json.string(algorithm, "rule").orElse("random");
                yield switch (rule.toLowerCase(Locale.ROOT)) {
                    case "random" -> new Sampling.Random(seed);
                    case "sobol" -> new Sampling.Sobol(seed);
                    default ->
                        throw bad("The rule '%s' of random sampling is not known; known are random and sobol."
                                .formatted(rule));
                };
            }
            case "grid" -> new Sampling.Grid();
            case "bayesian" -> new Sampling.Bayesian(seed);
            default ->
                throw bad("The sampling algorithm '%s' is not known; known are Random, Grid and Bayesian."
                        .formatted(type));
        };
    }

    private static Sampling hyperDriveSampling(ObjectNode generator, long given) {
        String name = required(generator, "name", "generator_config.name");
        ObjectNode properties = Json.objectAt(generator, "properties");
        long seed = Json.member(properties, "seed").asLong(given);
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "random" ->
                Json.string(properties, "rule")
                                .filter("sobol"::equalsIgnoreCase)
                                .isPresent()
                        ? new Sampling.Sobol(seed)
                        : new Sampling.Random(seed);
            case "grid" -> new Sampling.Grid();
            case "bayesianoptimization" -> new Sampling.Bayesian(seed);
            default ->
                throw bad("The sampling algorithm '%s' is not known; known are RANDOM, GRID and BayesianOptimization."
                        .formatted(name));
        };
    }

    private static Termination termination(ObjectNode policy) {
        if (policy.isEmpty()) {
            return new Termination.Never();
        }
        String type = required(policy, "policyType", "earlyTermination.policyType");
        Termination.Pace pace = new Termination.Pace(
                number(policy, "evaluationInterval").orElse(1),
                number(policy, "delayEvaluation").orElse(0));
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "bandit" -> bandit(pace, policy, "slackFactor", "slackAmount");
            case "medianstopping" -> new Termination.MedianStopping(pace);
            case "truncationselection" ->
                new Termination.TruncationSelection(
                        pace, number(policy, "truncationPercentage").orElse(0));
            default ->
                throw bad(
                        "The early termination policy '%s' is not known; known are Bandit, MedianStopping and TruncationSelection."
                                .formatted(type));
        };
    }

    private static Termination hyperDrivePolicy(ObjectNode policy) {
        String name = required(policy, "name", "policy_config.name");
        ObjectNode properties = Json.objectAt(policy, "properties");
        Termination.Pace pace = new Termination.Pace(
                number(properties, "evaluation_interval").orElse(1),
                number(properties, "delay_evaluation").orElse(0));
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "default" -> new Termination.Never();
            case "bandit" -> bandit(pace, properties, "slack_factor", "slack_amount");
            case "medianstopping" -> new Termination.MedianStopping(pace);
            case "truncationselection" ->
                new Termination.TruncationSelection(
                        pace, number(properties, "truncation_percentage").orElse(0));
            default ->
                throw bad(
                        "The early termination policy '%s' is not known; known are Default, Bandit, MedianStopping and TruncationSelection."
                                .formatted(name));
        };
    }

    private static Termination bandit(Termination.Pace pace, ObjectNode policy, String factor, String amount) {
        double slackFactor = Json.member(policy, factor).asDouble(0);
        double slackAmount = Json.member(policy, amount).asDouble(0);
        return new Termination.Bandit(pace, slackFactor, slackAmount);
    }

    private static Goal goal(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "maximize" -> Goal.MAXIMIZE;
            case "minimize" -> Goal.MINIMIZE;
            default -> throw bad("The goal is either 'maximize' or 'minimize', not '%s'.".formatted(word));
        };
    }

    private static String required(ObjectNode object, String name, String path) {
        return Json.string(object, name)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> bad("'%s' is required for a sweep.".formatted(path)));
    }

    private static Optional<Integer> number(ObjectNode object, String name) {
        JsonNode value = Json.member(object, name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw bad("'%s' must be a whole number, not %s.".formatted(name, Json.text(value)));
        }
        return Optional.of(value.intValue());
    }

    private static Optional<Duration> duration(ObjectNode limits, String name) {
        return Json.string(limits, name).map(text -> {
            try {
                return Duration.parse(text);
            } catch (DateTimeParseException e) {
                throw wrongTime(name, text);
            }
        });
    }

    private static AzureException wrongTime(String name, String text) {
        return bad("'%s' must be an ISO 8601 duration, such as 'PT1H', not '%s'.".formatted(name, text));
    }
}
