package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Histories by chance, one a seed: fifty, in the long suite a thousand, and a few with the server's store behind them.
 * {@code -Dmalachite.seed=N} runs one again.
 */
class SimulationTest {

    static LongStream seeds() {
        String one = System.getProperty("malachite.seed", "");
        if (!one.isEmpty()) {
            return LongStream.of(Long.parseLong(one));
        }
        return LongStream.rangeClosed(1, Long.getLong("malachite.seeds", 50));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverHappensTheRulesHoldAndAllComesToRest(long seed) {
        try {
            assertThat(new Simulation(seed).run().jobs()).isEmpty();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed %d (again with -Dmalachite.seed=%d): %s".formatted(seed, seed, e), e);
        }
    }
}
