package dev.malachite.server.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.server.web.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceFilesTest {

    @TempDir
    Path folder;

    @Test
    void secondEmulatorOnTheSameDataIsTurnedAway() {
        InstanceFiles.take(folder, false);

        assertThatThrownBy(() -> InstanceFiles.take(folder, false))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("another emulator is using");
    }

    @Test
    void fileInThePlaceOfAFolderIsAMistakeOfTheUsers() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> InstanceFiles.take(file, false))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--data");
    }

    @Test
    void instanceIsToldWhileItServesAndNoLonger() throws IOException {
        InstanceFiles files = InstanceFiles.take(folder, false);
        files.ready("127.0.0.1", 10080, 10443, "1", Instant.EPOCH);

        assertThat(Files.readString(folder.resolve("malachite.pid")).strip())
                .isEqualTo(Long.toString(ProcessHandle.current().pid()));
        assertThat(Json.parse(Files.readString(folder.resolve("instance.json")))
                        .path("httpsPort")
                        .intValue())
                .isEqualTo(10443);

        files.forget();
        assertThat(folder.resolve("malachite.pid")).doesNotExist();
        assertThat(folder.resolve("instance.json")).doesNotExist();
    }

    @Test
    void nothingOfARunInMemoryIsLeft() throws IOException {
        InstanceFiles files = InstanceFiles.take(folder, true);
        Files.createDirectories(files.data().resolve("blobs/a"));
        Files.writeString(files.data().resolve("blobs/a/b"), "x");

        files.forget();
        assertThat(files.data()).doesNotExist();
    }
}
