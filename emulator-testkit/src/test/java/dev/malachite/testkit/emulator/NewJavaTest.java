package dev.malachite.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Java is taken for the emulator. */
class NewJavaTest {

    @ParameterizedTest
    @CsvSource({"25, true", "25.0.1, true", "26-ea, true", "17.0.15, false", "1.8.0_292, false", "what, false"})
    void aJavaTellsItsVersionInAFile(String version, boolean newEnough, @TempDir Path home) throws IOException {
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path program = Files.createDirectories(home.resolve("bin")).resolve("java");
        assertThat(Files.createFile(program).toFile().setExecutable(true)).isTrue();

        assertThat(NewJava.isNewEnough(home)).isEqualTo(newEnough);
    }

    @Test
    void theOneThatIsFoundRuns() {
        assertThat(NewJava.find()).isExecutable();
    }
}
