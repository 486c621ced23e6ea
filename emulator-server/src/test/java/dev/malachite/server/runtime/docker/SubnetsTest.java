package dev.malachite.server.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.server.runtime.docker.Subnets.Range;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubnetsTest {

    @Test
    void whatOverlapsAnythingInUseIsLeftOut() {
        List<Range> used = List.of(
                Range.parse("10.142.0.0/24").orElseThrow(),
                Range.parse("10.142.3.7/32").orElseThrow(),
                Range.parse("172.17.0.0/16").orElseThrow());
        List<Range> free = new Subnets("10.142.0.0/22").free(used);
        assertThat(free).extracting(Range::toString).containsExactly("10.142.1.0/24", "10.142.2.0/24");
        assertThat(free.getFirst().address(10)).isEqualTo("10.142.1.10");
    }

    @Test
    void aRangeInUseAroundOursLeavesNothing() {
        List<Range> used = List.of(Range.parse("10.0.0.0/8").orElseThrow());
        assertThat(new Subnets("10.142.0.0/16").free(used)).isEmpty();
    }

    @Test
    void aSettingThatIsNoRangeIsRefused() {
        assertThatThrownBy(() -> new Subnets("10.142.0.0/30")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Subnets("somewhere")).isInstanceOf(IllegalArgumentException.class);
    }
}
