package dev.malachite.server.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server keeps for itself only, and must not pile up when it is killed again and again. */
class ScratchTest {

    @TempDir
    Path data;

    @Test
    void whatAKilledServerLeftGoesWithTheNextStartAndNothingElse() throws IOException {
        Path left = Files.createDirectories(data.resolve(Settings.SCRATCH + "/zip-1"));
        Files.writeString(left.resolve("f0"), "half of a snapshot");
        Path own = Files.createDirectories(data.resolve("tmp"));

        InstanceFiles.take(data, false);

        assertThat(left).doesNotExist();
        assertThat(own).as("somebody may name a folder with one of that name").exists();
    }

    @Test
    void theWebServersFoldersAreAmongIt() throws IOException {
        try (RunningServer server = RunningServer.start(data);
                Stream<Path> names = Files.list(server.bean(Settings.class).scratch())) {
            assertThat(names.map(Path::getFileName).map(Path::toString)).contains("documents", "tomcat");
        }
    }
}
