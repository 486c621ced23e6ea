package dev.malachite.server.scenario;

import dev.malachite.server.web.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a scenario is expected to end.
 *
 * @param runs how many runs have ended how, by Azure's word
 * @param nodes how many nodes there are then
 * @param leastEvictions how many nodes are taken away, at least
 * @param mostEvictions and at most
 * @param within on the emulator's clock, from the scenario's beginning
 */
record Expectation(
        Map<String, Long> runs,
        Optional<Long> nodes,
        long leastEvictions,
        Optional<Long> mostEvictions,
        Duration within) {

    private static final long MOST = 10_000_000;
    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final List<String> ENDS = List.of("Completed", "Failed", "Canceled");

    static Expectation read(Fields fields) {
        Fields given = fields.object("runs");
        Map<String, Long> runs = new TreeMap<>();
        for (String name : ENDS) {
            given.whole(name, 0, MOST).ifPresent(count -> runs.put(name, count));
        }
        given.refuseOthers();
        Fields evictions = fields.object("evictions");
        Expectation expectation = new Expectation(
                runs,
                fields.whole("nodes", 0, MOST),
                evictions.whole("min", 0, MOST).orElse(0L),
                evictions.whole("max", 0, MOST),
                fields.duration("within", Duration.ofMillis(1), LONGEST).orElse(Duration.ofDays(1)));
        evictions.refuseOthers();
        fields.refuseOthers();
        return expectation;
    }

    /** Whether as many runs have ended as are expected to, but not as they are expected to. */
    boolean missed(Map<String, Long> ended) {
        long expected = runs.values().stream().mapToLong(Long::longValue).sum();
        long seen = ended.values().stream().mapToLong(Long::longValue).sum();
        boolean otherwise = runs.entrySet().stream()
                .anyMatch(run ->
                        ended.getOrDefault(run.getKey(), 0L) != run.getValue().longValue());
        return expected > 0 && seen >= expected && otherwise;
    }

    /** One line for each thing that is not as expected. */
    List<String> differences(Map<String, Long> ended, long evicted, long nodesNow) {
        List<String> differences = new ArrayList<>();
        runs.forEach((how, expected) -> {
            long seen = ended.getOrDefault(how, 0L);
            if (seen != expected) {
                differences.add("%d runs are expected to be %s, %d are.".formatted(expected, how, seen));
            }
        });
        nodes.filter(expected -> expected != nodesNow)
                .ifPresent(expected ->
                        differences.add("%d nodes are expected, there are %d.".formatted(expected, nodesNow)));
        if (evicted < leastEvictions) {
            differences.add("At least %d evictions are expected, there were %d.".formatted(leastEvictions, evicted));
        }
        mostEvictions
                .filter(most -> evicted > most)
                .ifPresent(most ->
                        differences.add("At most %d evictions are expected, there were %d.".formatted(most, evicted)));
        return differences;
    }
}
