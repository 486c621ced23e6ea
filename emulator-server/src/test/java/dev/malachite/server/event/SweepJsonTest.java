package dev.malachite.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.Plan;
import dev.malachite.engine.Trials;
import dev.malachite.engine.sweep.Trial;
import dev.malachite.server.sweep.SweepReader;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** A sweep is stored with its parent and its trials with their children: both are read as they were written. */
class SweepJsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'samplingAlgorithm': {'samplingAlgorithmType': 'Random', 'rule': 'sobol', 'seed': 7},"
                        + "'earlyTermination': {'policyType': 'Bandit', 'slackFactor': 0.1, 'evaluationInterval': 0},",
                "'samplingAlgorithm': {'samplingAlgorithmType': 'Random'},"
                        + "'earlyTermination': {'policyType': 'TruncationSelection', 'truncationPercentage': 20},",
                "'samplingAlgorithm': {'samplingAlgorithmType': 'Random'},"
                        + "'earlyTermination': {'policyType': 'MedianStopping', 'delayEvaluation': 5},",
                "'samplingAlgorithm': {'samplingAlgorithmType': 'Random'},",
            })
    void aSweep(String part) {
        String space =
                "'searchSpace': {'a': ['uniform', [0, 1]], 'b': ['qlognormal', [0, 1, 2]], 'c': ['randint', [4]],"
                        + "'d': ['choice', [['x', 3, true, {'deep': ['normal', [0, 1]], 'flat': null}]]]}";
        ObjectNode job = Json.parse(("{" + part + space
                        + ",'objective': {'goal': 'Minimize', 'primaryMetric': 'loss'},"
                        + "'limits': {'maxTotalTrials': 9, 'timeout': 'PT1H', 'trialTimeout': 'PT60S'}}")
                .replace('\'', '"'));
        Plan plan = new Trials(SweepReader.fromJob(job, 5));

        assertThat(EngineJson.readPlan(EngineJson.write(plan))).isEqualTo(plan);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, Double.NaN, Double.POSITIVE_INFINITY, 1e-300})
    void aTrial(double value) {
        Trial trial = new Trial(Map.of("a", "\"x\""), 3, List.of(value, 1.0), OptionalDouble.of(1), true);

        assertThat(EngineJson.readTrial(EngineJson.write(trial))).isEqualTo(trial);
    }
}
