package dev.malachite.server.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.malachite.engine.sweep.Distribution;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Distributions as azure-ai-ml writes them, with the meaning that Azure's documentation gives each. */
class SpaceReaderTest {

    /** The quantiles 0.16 and 0.84 of a normal distribution lie 0.994458 sigma from mu. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            choice      | [[16, 32, 64]] | 16       | 32       | 64
            randint     | [10]           | 1        | 5        | 8
            uniform     | [2, 12]        | 3.6      | 7        | 10.4
            quniform    | [2, 12, 4]     | 4        | 8        | 12
            loguniform  | [-1, 4]        | 0.818731 | 4.481689 | 24.532530
            qloguniform | [-1, 4, 0.5]   | 1        | 4.5      | 24.5
            normal      | [10, 2]        | 8.011084 | 10       | 11.988916
            qnormal     | [10, 2, 3]     | 9        | 9        | 12
            lognormal   | [1, 0.5]       | 1.653297 | 2.718282 | 4.469287
            qlognormal  | [1, 0.5, 0.25] | 1.75     | 2.75     | 4.5
            """)
    void eachDistributionHasItsQuantiles(String kind, String parameters, double low, double middle, double high) {
        Distribution read = read(kind, parameters);

        assertThat(value(read, 0.16)).isCloseTo(low, within(1e-6));
        assertThat(value(read, 0.5)).isCloseTo(middle, within(1e-6));
        assertThat(value(read, 0.84)).isCloseTo(high, within(1e-6));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            quniform | [2, 12] | lacks its number 3
            normal   | [10]    | lacks its number 2
            beta     | [1, 2]  | 'beta'
            """)
    void whatIsNotADistributionIsRefused(String kind, String parameters, String said) {
        assertThatThrownBy(() -> read(kind, parameters))
                .isInstanceOf(AzureException.class)
                .hasMessageContaining(said);
    }

    private static Distribution read(String kind, String parameters) {
        return SpaceReader.read(Json.parse("{\"x\": [\"%s\", %s]}".formatted(kind, parameters)))
                .parameters()
                .values()
                .iterator()
                .next();
    }

    private static double value(Distribution distribution, double at) {
        return Double.parseDouble(distribution.value(at));
    }
}
