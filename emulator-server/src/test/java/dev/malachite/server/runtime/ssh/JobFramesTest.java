package dev.malachite.server.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobFramesTest {

    @Test
    void handsOnPiecesUntilTheEnd() throws Exception {
        List<String> pieces = new ArrayList<>();
        String end = JobFrames.read(
                said("log 0 3\na\nblog 1 1\ncexit 3\nlog 0 1\n"),
                2,
                (log, bytes) -> pieces.add(log + ":" + new String(bytes, StandardCharsets.UTF_8)));
        assertThat(end).isEqualTo("exit 3");
        assertThat(pieces).containsExactly("0:a\nb", "1:c");
    }

    /** A machine of somebody else's could fill our memory, or end who follows its job. */
    @ParameterizedTest
    @ValueSource(strings = {"log 0 2147483647\n", "log 0 1048577\n", "log -1 1\n", "log 2 1\n", "log 0\n", "log x y\n"})
    void aPieceThatCannotBeIsNotRead(String frame) {
        assertThatIOException()
                .isThrownBy(() -> JobFrames.read(said(frame + "exit 0\n"), 2, (log, bytes) -> {}))
                .withMessageContaining("of the job");
    }

    @Test
    void aLineWithoutEndIsLeft() throws Exception {
        InputStream endless = said("x".repeat(1 << 20));
        assertThatIOException().isThrownBy(() -> JobFrames.read(endless, 1, (log, bytes) -> {}));
        assertThat(endless.available()).isGreaterThan(1 << 19);
    }

    private static InputStream said(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
