package dev.malachite.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.start.RunningServer.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the clock cannot do is refused, and leaves it as it was. */
class ClockRefusalTest {

    @TempDir
    static Path data;

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.start(data);
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT  | /clock         | {}",
                "PUT  | /clock         | {'mode':'fast'}",
                "PUT  | /clock         | {'mode':'60x'}",
                "PUT  | /clock         | {'mode':'scaled'}",
                "PUT  | /clock         | {'mode':'scaled','speed':0}",
                "PUT  | /clock         | {'mode':'scaled','speed':'60'}",
                "PUT  | /clock         | {'mode':'scaled','speed':1e9}",
                "POST | /clock/advance | {}",
                "POST | /clock/advance | {'by':'two minutes'}",
                "POST | /clock/advance | {'by':'-PT1S'}",
                "POST | /clock/advance | {'by':'P4000D'}",
                "POST | /clock/advance | {'by':'PT1S','to':'2099-01-01T00:00:00Z'}",
                "POST | /clock/advance | {'to':'tomorrow'}",
                "POST | /clock/advance | {'to':'9998-01-01T00:00:00Z'}",
            })
    void refusesWhatItCannotDo(String method, String path, String body) {
        Answer answer = scene.control(method, path, body.replace('\'', '"'));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isNotEmpty();
        assertThat(scene.clock().path("mode").stringValue()).isEqualTo("real");
    }
}
