package dev.malachite.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a program prints is read to its end, and kept as far as is reasonable. */
class BoundedLinesTest {

    private final List<String> lines = new ArrayList<>();

    @Test
    void linesAreLinesWhateverEndsThem() throws IOException {
        BoundedLines.read(new StringReader("a\n\nb\r\nlast"), lines::add);
        assertThat(lines).containsExactly("a", "", "b", "last");
    }

    @Test
    void aLineWithoutEndComesInParts() throws IOException {
        BoundedLines.read(new StringReader("x".repeat(40_000)), lines::add);
        assertThat(lines).extracting(String::length).containsExactly(16_384, 16_384, 40_000 - 2 * 16_384);
    }

    @Test
    void whatIsTooMuchIsReadAndSaidToBeLeftOut() throws IOException {
        Reader much = new StringReader("0123456789abcde\n".repeat(2 << 20));
        BoundedLines.read(much, lines::add);
        assertThat(much.read()).isEqualTo(-1);
        assertThat(lines).hasSize((1 << 20) + 2);
        assertThat(lines.getLast())
                .isEqualTo("[malachite] The log is cut here: the program has printed more than 16 MiB.");
    }
}
