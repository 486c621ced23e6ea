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

    @Test
    void whatComesAfterItsTimeIsNotMet() {
        scene.control(
                "POST",
                "/scenario",
                "{\"clock\": {\"mode\": \"auto\"}, \"expect\": {\"runs\": {\"Completed\": 1}, \"within\": \"PT1H\"}}");
        scene.cluster("slow", 0, 1, "PT2M");
        scene.submit("slow", "slow", "PT3H");
        assertThat(end().path("met").booleanValue()).isFalse();

        try (Feed feed = scene.feed("?after=0&run=slow")) {
            feed.await("job.completed");
        }
        ObjectNode end = end();
        assertThat(end.path("met").booleanValue()).as(end.toString()).isFalse();
        assertThat(end.path("differences"))
                .extracting(line -> line.stringValue())
                .containsExactly("1 runs are expected to be Completed, 0 are.", "The time of PT1H is up.");
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
                // Of these nothing would be expected, and all would be met.
                "{\"expects\": {\"runs\": {\"Completed\": 1}}}",
                "{\"expect\": {\"runs\": [\"Completed\", 1]}}",
                "{\"expect\": {\"evictions\": 2}}",
                "{\"expect\": {\"evictions\": {\"least\": 2}}}",
                "{\"expect\": {\"node\": 2}}",
                "{\"clock\": {\"speed\": 60}}",
                "{\"faults\": [{\"kind\": \"nodeUnusable\", \"targets\": \"cc\"}]}",
            })
    void whatIsNotUnderstoodBeginsNothing(String body) {
        assertThat(scene.control("POST", "/scenario", body).status()).isEqualTo(400);
        assertThat(scene.control("GET", "/faults", "").json().path("value").size())
                .isZero();
    }

    @Test
    void itsTimeIsThatOfTheEmulatorsClockHoweverThatGoes() throws Exception {
        assertThat(scene.control("POST", "/scenario", """
                {"clock": {"mode": "manual"}, "expect": {"runs": {"Canceled": 1}, "within": "PT1S"}}
                """).status()).isEqualTo(201);
        assertThat(scene.control("GET", "/scenario?wait=2", "")
                        .json()
                        .path("over")
                        .booleanValue())
                .as("two seconds pass, but none on the clock")
                .isFalse();

        scene.advance("PT1S");
        ObjectNode end = end();
        assertThat(end.path("over").booleanValue()).isTrue();
        assertThat(end.path("met").booleanValue()).isFalse();
        scene.control("PUT", "/clock", "{\"mode\": \"real\"}");
    }

    @Test
    void oneThatIsEndedIsNotThereAnyMore() {
        scene.control("POST", "/scenario", "{}");
        assertThat(scene.control("DELETE", "/scenario", "").status()).isEqualTo(204);
        assertThat(scene.control("GET", "/scenario", "").status()).isEqualTo(404);
    }
}
