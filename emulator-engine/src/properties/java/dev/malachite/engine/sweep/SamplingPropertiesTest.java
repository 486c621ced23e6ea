package dev.malachite.engine.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class SamplingPropertiesTest {

    @Property(tries = 200)
    void valuesLieWithinTheirBounds(
            @ForAll @DoubleRange(min = -50, max = 50) double low,
            @ForAll @DoubleRange(min = 0.01, max = 50) double width,
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double at) {
        OptionalDouble plain = OptionalDouble.empty();
        double value = Double.parseDouble(new Distribution.Uniform(low, low + width, plain, false).value(at));
        assertThat(value).isBetween(low, low + width);
        double log = Double.parseDouble(new Distribution.Uniform(low, low + width, plain, true).value(at));
        assertThat(Math.log(log)).isBetween(low - 1e-9, low + width + 1e-9);
        assertThat(Double.parseDouble(new Distribution.Normal(low, width, plain, false).value(at)))
                .isFinite();
    }

    @Property(tries = 100)
    void aTrialIsAFunctionOfItsNumberAndTheSeed(
            @ForAll long seed, @ForAll @IntRange(max = 60) int number) {
        SearchSpace space = SamplingTest.space(
                "a",
                SamplingTest.choice("1", "2"),
                "b",
                new Distribution.Normal(0, 1, OptionalDouble.empty(), false));
        for (Sampling sampling : List.of(new Sampling.Random(seed), new Sampling.Sobol(seed))) {
            Map<String, String> point = sampling.trial(space, number, List.of()).orElseThrow();
            assertThat(sampling.trial(space, number, List.of())).contains(point);
            assertThat(sampling.trial(space, number + 1, List.of())).isPresent().get().isNotEqualTo(point);
        }
    }
}
