package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of an instance's states. */
class InstanceStateTest {

    private static final Path PICTURE = Path.of("..", "docs", "instances.md");

    @Test
    void thePictureInTheDocumentsIsTheTable() throws IOException {
        assertThat(Files.readString(PICTURE)).contains(picture());
    }

    @Test
    void everyStateCanBeReachedAndLeftForGood() {
        Set<InstanceState> reached = EnumSet.of(InstanceState.CREATING);
        Deque<InstanceState> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            for (InstanceState next : open.removeFirst().next()) {
                if (reached.add(next)) {
                    open.addLast(next);
                }
            }
        }
        assertThat(reached).containsExactlyInAnyOrder(InstanceState.values());
        assertThat(InstanceState.values())
                .allMatch(
                        state -> state == InstanceState.DELETING || state.next().contains(InstanceState.DELETING));
    }

    @Test
    void whatAUserMayAskForLeadsWhereTheTableDoes() {
        for (Power power : Power.values()) {
            for (InstanceState state : InstanceState.values()) {
                if (power.possibleIn(state)) {
                    assertThat(state.steady()).isTrue();
                    assertThat(state.next()).contains(power.leadsTo());
                }
            }
        }
    }

    private static String picture() {
        Stream<String> moves = Arrays.stream(InstanceState.values())
                .sorted(Comparator.comparing(InstanceState::wire))
                .flatMap(state -> state.next().stream()
                        .sorted(Comparator.comparing(InstanceState::wire))
                        .map(next -> "    %s --> %s".formatted(state.wire(), next.wire())));
        return Stream.concat(Stream.of("stateDiagram-v2", "    [*] --> Creating"), moves)
                .collect(Collectors.joining("\n"));
    }
}
