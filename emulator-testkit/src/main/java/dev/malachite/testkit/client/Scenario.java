package dev.malachite.testkit.client;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A clock, faults and how it shall end: what a scenario's file has.
 *
 * @param seed that of every fault that names none; null: the emulator's choice
 * @param clockMode how time passes; null: as it does
 * @param faults what strikes from the beginning
 * @param expect how it shall end; null: nothing is expected
 */
public record Scenario(
        @Nullable Long seed,
        @JsonIgnore @Nullable ClockMode clockMode,
        @JsonIgnore List<Fault> faults,
        @Nullable Expectation expect) {

    public Scenario {
        faults = List.copyOf(faults);
    }

    /** The clock as the control API writes it. */
    @JsonProperty("clock")
    @Nullable
    JsonNode clock() {
        return clockMode == null ? null : EmulatorClock.json(clockMode);
    }

    /** The faults as the control API writes them. */
    @JsonProperty("faults")
    List<ObjectNode> written() {
        return faults.stream().map(Faults::json).toList();
    }

    /**
     * How a scenario shall end.
     *
     * @param runs how many runs end with a status, such as {@code Completed}
     * @param evictions bounds for how many nodes are evicted; null: any number
     * @param nodes how many there are at the end; null: any number
     * @param within the longest that it may take on the emulator's clock; null: a day
     */
    public record Expectation(
            Map<String, Integer> runs,
            @Nullable Range evictions,
            @Nullable Integer nodes,
            @Nullable Duration within) {

        public Expectation {
            runs = Map.copyOf(runs);
        }
    }

    /** At least and at most; null: no bound. */
    public record Range(@Nullable Integer min, @Nullable Integer max) {}
}
