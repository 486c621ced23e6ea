package dev.malachite.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class GatheringTest {

    private final List<List<Integer>> reads = new CopyOnWriteArrayList<>();
    private final List<Thread> others = new ArrayList<>();
    private final Map<Integer, Optional<String>> answers = new ConcurrentHashMap<>();
    private final Gathering<Integer, String> gathering = new Gathering<>(2, this::read);

    /** While the first is answered, three others ask. */
    private Map<Integer, String> read(List<Integer> keys) {
        reads.add(keys);
        if (reads.size() == 1) {
            for (int key = 1; key <= 3; key++) {
                int its = key;
                Thread other = Thread.ofPlatform().start(() -> answers.put(its, gathering.get(its)));
                others.add(other);
                while (other.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
        }
        Map<Integer, String> found = new HashMap<>();
        keys.stream().filter(key -> key != 3).forEach(key -> found.put(key, "of " + key));
        return found;
    }

    @Test
    void whoAsksMeanwhileIsAnsweredTogether() throws InterruptedException {
        assertThat(gathering.get(0)).contains("of 0");
        for (Thread other : others) {
            other.join();
        }

        assertThat(reads).containsExactly(List.of(0), List.of(1, 2), List.of(3));
        assertThat(answers)
                .containsEntry(1, Optional.of("of 1"))
                .containsEntry(2, Optional.of("of 2"))
                .containsEntry(3, Optional.empty());
        assertThat(gathering.get(0)).contains("of 0");
        assertThat(reads).hasSize(4);
    }

    @Test
    void aReadThatFailsFailsForWhoAskedAndForNobodyElse() {
        List<Integer> asked = new ArrayList<>();
        Gathering<Integer, String> failing = new Gathering<>(1, keys -> {
            asked.addAll(keys);
            if (asked.size() == 1) {
                throw new IllegalStateException("the database is away");
            }
            return Map.of(keys.getFirst(), "there");
        });

        assertThatThrownBy(() -> failing.get(7)).hasMessage("the database is away");
        assertThat(failing.get(7)).contains("there");
    }
}
