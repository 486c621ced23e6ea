package dev.malachite.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SamplingTest {

    private static final OptionalDouble PLAIN = OptionalDouble.empty();

    @Test
    void aGridGoesThroughAllCombinationsTheLastParameterFastest() {
        SearchSpace space = space("a", choice("1", "2"), "b", choice("\"x\"", "\"y\""));

        assertThat(all(new Sampling.Grid(), space))
                .containsExactly(
                        Map.of("a", "1", "b", "\"x\""),
                        Map.of("a", "1", "b", "\"y\""),
                        Map.of("a", "2", "b", "\"x\""),
                        Map.of("a", "2", "b", "\"y\""));
    }

    @Test
    void aGridGoesThroughNestedSpacesToo() {
        Option deep = new Option.Nested(space("name", choice("\"deep\""), "layers", choice("2", "3")));
        SearchSpace space = space("model", new Distribution.Choice(List.of(new Option.Constant("\"flat\""), deep)));

        assertThat(all(new Sampling.Grid(), space))
                .extracting(point -> point.get("model"))
                .containsExactly(
                        "\"flat\"", "{\"name\": \"deep\", \"layers\": 2}", "{\"name\": \"deep\", \"layers\": 3}");
    }

    @Test
    void aGridRefusesWhatItCannotCount() {
        SearchSpace space = space("lr", new Distribution.Uniform(0, 1, PLAIN, false));

        assertThatThrownBy(() -> new Sampling.Grid().check(space))
                .isInstanceOf(BadSweep.class)
                .hasMessageContaining("'lr'");
    }

    @Test
    void randomAndSobolTryEveryPointOfASmallSpaceOnce() {
        SearchSpace space = space("a", choice("1", "2", "3"), "b", new Distribution.RandInt(4));

        for (Sampling sampling : List.of(new Sampling.Random(7), new Sampling.Sobol(7))) {
            assertThat(all(sampling, space)).hasSize(12).doesNotHaveDuplicates();
        }
    }

    @Test
    void sobolFillsEachEighthOfARangeWithEightPoints() {
        SearchSpace space = space("x", new Distribution.Uniform(0, 8, PLAIN, false));

        List<Integer> eighths = Stream.iterate(0, i -> i + 1)
                .limit(64)
                .map(i -> new Sampling.Sobol(3).trial(space, i, List.of()).orElseThrow())
                .map(point -> (int) Double.parseDouble(point.getOrDefault("x", "")))
                .toList();

        for (int i = 0; i < 8; i++) {
            int eighth = i;
            // The step of the seed cuts one point off at either end.
            assertThat(eighths.stream().filter(found -> found == eighth).count())
                    .isBetween(7L, 9L);
        }
    }

    @Test
    void multiplesOfAWholeNumberAreWholeAndOthersAreWrittenAsPythonWritesThem() {
        assertThat(new Distribution.Uniform(16, 128, OptionalDouble.of(16), false).value(0.5))
                .isEqualTo("64"); // 72 is halfway; rint goes to the even one, as Python's round does
        assertThat(new Distribution.Uniform(Math.log(1e-6), Math.log(1e-6), PLAIN, true).value(0.3))
                .matches("(1(\\.0\\d+)?|9\\.99\\d+)e-[67]");
        assertThat(new Distribution.Normal(10, 0, PLAIN, false).value(0.2)).isEqualTo("10.0");
        assertThat(new Distribution.Uniform(0, 1, PLAIN, false).value(0.25)).isEqualTo("0.25");
    }

    @Test
    void theModelFindsTheMinimumMoreOftenThanChanceDoes() {
        SearchSpace space = space(
                "x", new Distribution.Uniform(-1, 1, PLAIN, false), "kind", choice("\"good\"", "\"bad\"", "\"worse\""));
        Sampling model = new Sampling.Bayesian(11);
        List<Sampling.Result> results = new ArrayList<>();
        List<Double> tried = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Map<String, String> point = model.trial(space, i, results).orElseThrow();
            double x = Double.parseDouble(point.getOrDefault("x", ""));
            double value = (x - 0.3) * (x - 0.3)
                    + ("\"good\"".equals(point.get("kind")) ? 0 : "\"bad\"".equals(point.get("kind")) ? 1 : 2);
            tried.add(value);
            results.add(new Sampling.Result(point, value));
            results.sort(Comparator.comparingDouble(Sampling.Result::value));
        }

        long near = tried.subList(40, 60).stream().filter(value -> value < 0.09).count();
        assertThat(near).isGreaterThanOrEqualTo(8); // chance alone: 2 of 20
    }

    @Test
    void theModelKnowsOnlySomeDistributions() {
        assertThatThrownBy(() -> new Sampling.Bayesian(1).check(space("n", new Distribution.RandInt(3))))
                .isInstanceOf(BadSweep.class);
    }

    @Test
    void whatNoNumberHoldsIsRefused() {
        List<Runnable> spaces = List.of(
                () -> new Distribution.Uniform(-1.7e308, 1.7e308, PLAIN, false),
                () -> new Distribution.Uniform(0, 1e200, OptionalDouble.of(1e-200), false),
                () -> new Distribution.Uniform(0, 690, OptionalDouble.of(1e-100), true),
                () -> new Distribution.Normal(1e308, 1e308, PLAIN, false),
                () -> new Distribution.Normal(0, 1e200, OptionalDouble.of(1e-200), false));

        assertThat(spaces).allSatisfy(space -> assertThatThrownBy(space::run).isInstanceOf(BadSweep.class));
        assertThat(new Distribution.Uniform(0, 1, OptionalDouble.of(1e308), false).value(0.9))
                .isEqualTo("0");
    }

    @Test
    void aSpaceOfFewValuesThatNobodyCanCountEndsTheSweep() {
        SearchSpace space = space("n", new Distribution.Uniform(0, 9, OptionalDouble.of(1), false));

        assertThat(all(new Sampling.Random(5), space)).hasSize(10).doesNotHaveDuplicates();
    }

    private static List<Map<String, String>> all(Sampling sampling, SearchSpace space) {
        List<Map<String, String>> points = new ArrayList<>();
        for (int i = 0; ; i++) {
            Optional<Map<String, String>> point = sampling.trial(space, i, List.of());
            if (point.isEmpty()) {
                return points;
            }
            points.add(point.get());
        }
    }

    static Distribution choice(String... json) {
        return new Distribution.Choice(Stream.of(json)
                .map(Option.Constant::new)
                .map(Option.class::cast)
                .toList());
    }

    static SearchSpace space(String name, Distribution distribution) {
        return new SearchSpace(Map.of(name, distribution));
    }

    static SearchSpace space(String a, Distribution first, String b, Distribution second) {
        Map<String, Distribution> parameters = new LinkedHashMap<>();
        parameters.put(a, first);
        parameters.put(b, second);
        return new SearchSpace(parameters);
    }
}
