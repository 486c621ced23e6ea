package dev.malachite.server.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostSizeTest {

    private static final long GIB = 1L << 30;

    @ParameterizedTest(name = "{0} GiB")
    @CsvSource({"0, 1", "1, 16", "8, 128", "16, 256", "640, 10000", "1000000000, 10000"})
    void containersThatWaitTakeAnEighthOfTheMemoryAtMost(long memory, int containers) {
        assertThat(HostSize.warmContainers(memory * GIB)).isEqualTo(containers);
        assertThat(containers * (8L << 20)).isLessThanOrEqualTo(Math.max(memory * GIB / 8, 8L << 20));
    }
}
