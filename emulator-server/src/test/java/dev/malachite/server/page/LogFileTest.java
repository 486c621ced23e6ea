package dev.malachite.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogFileTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "€", "😀"})
    void characterIsNeverCutInTwo(String character) {
        byte[] all = ("x" + character).getBytes(StandardCharsets.UTF_8);

        for (int length = 1; length < all.length; length++) {
            assertThat(LogFile.whole(Arrays.copyOf(all, length))).isEqualTo(1);
        }
        assertThat(LogFile.whole(all)).isEqualTo(all.length);
    }

    @Test
    void whatIsNoTextIsNotWaitedFor() {
        byte[] noise = {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80};

        assertThat(LogFile.whole(noise)).isEqualTo(noise.length);
        assertThat(LogFile.whole(new byte[0])).isZero();
    }

    @Test
    void fileThatIsNotThereIsEmpty() throws IOException {
        LogFile log = new LogFile(folder.resolve("none"));

        assertThat(log.look()).isEqualTo(LogFile.ABSENT);
        assertThat(log.read(0, 10)).isEmpty();
        assertThat(log.read(10, 10)).isEmpty();
    }

    @Test
    void nextAttemptsLogIsAnotherFileUnderTheSameName() throws IOException {
        Path path = folder.resolve("log");
        LogFile log = new LogFile(path);
        Files.writeString(path, "first");
        String first = log.look().key();
        Files.writeString(path, "first, and more");
        assertThat(log.look().key()).isEqualTo(first);

        Files.move(path, folder.resolve("earlier"));
        Files.writeString(path, "second");

        assertThat(log.look().key()).isNotEqualTo(first);
    }

    @Test
    void endOfALogBeginsWithAWholeLine() throws IOException {
        Path path = folder.resolve("log");
        Files.writeString(path, "one\ntwo\nthree");
        LogFile log = new LogFile(path);

        assertThat(log.nextLine(5, 100)).isEqualTo(8);
        assertThat(log.nextLine(9, 100)).isEqualTo(9);
    }
}
