package dev.malachite.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.start.RunningServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Scenarios from a file, on simulated nodes and a clock that turns itself. */
class ScenarioTest {

    private static final Path EXAMPLE = Path.of("../examples/scenarios/one-eviction.json");

    private static final Path AWAY = Path.of("../examples/scenarios/engine-gone-and-back.json");

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

    private static ObjectNode end() {
        Answer answer = scene.control("GET", "/scenario?wait=60", "");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void theExampleComesAsItExpects() throws IOException {
        assertThat(scene.control("POST", "/scenario", Files.readString(EXAMPLE)).status())
                .isEqualTo(201);
        scene.cluster("steady", 0, 2, "PT2M");
        for (int i = 0; i < 3; i++) {
            scene.submit("steady", "steady-" + i, "PT10M");
        }

        ObjectNode end = end();
        assertThat(end.path("differences").size()).as(end.toString()).isZero();
        assertThat(end.path("met").booleanValue()).isTrue();
        assertThat(end.path("evictions").longValue()).isEqualTo(1);
        assertThat(end.path("runs").path("Completed").longValue()).isEqualTo(3);
    }

    @Test
    void anEngineThatGoesAndComesBackLosesNothing() throws IOException {
        assertThat(scene.control("POST", "/scenario", Files.readString(AWAY)).status())
                .isEqualTo(201);
        scene.cluster("patient", 0, 2, "PT2M");
        for (int i = 0; i < 3; i++) {
            scene.submit("patient", "patient-" + i, "PT10M");
        }

        ObjectNode end = end();
        assertThat(end.path("met").booleanValue()).as(end.toString()).isTrue();
        assertThat(scene.control("GET", "/faults", "").json().path("value").size())
                .isZero();
    }

    @Test
    void whatDoesNotComeIsNamed() {
        Answer begun = scene.control(
                "POST",
                "/scenario",
                "{\"clock\": {\"mode\": \"auto\"}, \"expect\": {\"runs\": {\"Failed\": 1}, \"within\": \"PT1H\"}}");
        assertThat(begun.status()).isEqualTo(201);
        scene.cluster("fine", 0, 1, "PT2M");
        scene.submit("fine", "fine", "PT10S");

        ObjectNode end = end();
        assertThat(end.path("over").booleanValue()).isTrue();
        assertThat(end.path("met").booleanValue()).isFalse();
        assertThat(end.path("differences").path(0).stringValue()).isEqualTo("1 runs are expected to be Failed, 0 are.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"expect\": {\"runs\": {\"Running\": 1}}}",
                "{\"expect\": {\"nodes\": -1}}",
                "{\"clock\": {\"mode\": \"sundial\"}}",
                "{\"clock\": {\"mode\": \"scaled\"}}",
                "{\"faults\": {}}",
                "{\"faults\": [1]}",
                "{\"faults\": [{\"kind\": \"diskFull\"}, {\"kind\": \"nonsense\"}]}",
                "{\"seed\": \"x\"}",
            })
    void whatIsNotUnderstoodBeginsNothing(String body) {
        assertThat(scene.control("POST", "/scenario", body).status()).isEqualTo(400);
        assertThat(scene.control("GET", "/faults", "").json().path("value").size())
                .isZero();
    }

    @Test
    void oneThatIsEndedIsNotThereAnyMore() {
        scene.control("POST", "/scenario", "{}");
        assertThat(scene.control("DELETE", "/scenario", "").status()).isEqualTo(204);
        assertThat(scene.control("GET", "/scenario", "").status()).isEqualTo(404);
    }
}
