package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Users wait for events by their types, so that all of these stand in the documents. */
class EventTypesTest {

    private static final Path SOURCES = Path.of("..", "emulator-engine", "src", "main", "java");
    private static final Path TABLE = Path.of("..", "docs", "control.md");
    private static final Pattern TYPE = Pattern.compile("\"((emulator|target|instance|node|job|trial)\\.[a-zA-Z]+)\"");

    @Test
    void eachTypeIsInTheTable() throws IOException {
        Set<String> types = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                TYPE.matcher(Files.readString(file)).results().forEach(found -> types.add(found.group(1)));
            }
        }
        assertThat(types).contains("job.running", "node.ready");

        String table = Files.readString(TABLE);
        assertThat(types).allMatch(type -> table.contains("`" + type + "`"), "stands in docs/control.md");
    }
}
