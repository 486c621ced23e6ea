package dev.malachite.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.start.RunningServer.Answer;
import dev.malachite.server.web.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The log of what happened, as a test of a user's follows it, exports it and has it decided anew. */
class EventsTest {

    @TempDir
    Path data;

    @Test
    void aReaderThatIsCutOffBeforeAnythingHappenedMissesNothing() {
        try (Scene scene = Scene.start(data, "--malachite.clock=manual")) {
            String begin;
            try (Feed cutOff = scene.feed("")) {
                begin = cutOff.begin();
            }
            scene.cluster("cc", 0, 1, "PT2M");
            scene.submit("cc", "j", "PT1M");
            scene.advance("PT0S");

            try (Feed again = scene.feed("", begin)) {
                assertThat(again.await("job.running").path("runId").stringValue())
                        .isEqualTo("j");
            }
        }
    }

    @Test
    void aFeedGoesOnWhereItsReaderWasOverARestart() {
        long seen;
        try (Scene scene = Scene.start(data, "--malachite.in-memory=false", "--malachite.clock=manual");
                Feed feed = scene.feed("")) {
            scene.cluster("cc", 0, 1, "PT2M");
            scene.submit("cc", "j", "PT1M");
            scene.advance("PT0S");
            seen = feed.await("job.running").path("number").longValue();
            scene.advance("PT1H");
        }
        try (Scene scene = Scene.start(data, "--malachite.in-memory=false");
                Feed header = scene.feed("?after=1", Long.toString(seen));
                Feed query = scene.feed("?after=" + seen);
                Feed starts = scene.feed("?types=emulator.started", Long.toString(seen));
                Feed next = scene.feed("?after=-1&run=k");
                Feed beyond = scene.feed("?after=1000000&run=k")) {
            List<ObjectNode> rest = new ArrayList<>();
            for (ObjectNode event = header.next(); ; event = header.next()) {
                rest.add(event);
                if (event.path("type").stringValue().equals("node.gone")) {
                    break;
                }
            }

            assertThat(rest)
                    .extracting(event -> event.path("type").stringValue())
                    .startsWith("job.exited")
                    .contains("job.completed", "node.leaving");
            assertThat(rest.getFirst().path("number").longValue()).isEqualTo(seen + 1);
            assertThat(query.next()).isEqualTo(rest.getFirst());
            assertThat(starts.next().path("number").longValue())
                    .isGreaterThan(rest.getLast().path("number").longValue());

            scene.submit("cc", "k", "PT1M");
            long first = next.next().path("number").longValue();
            assertThat(first).isGreaterThan(rest.getLast().path("number").longValue());
            assertThat(beyond.next().path("number").longValue()).isEqualTo(first);
        }
    }

    @Test
    void aFeedCanBeNarrowed() {
        try (Scene scene = Scene.start(data, "--malachite.clock=auto");
                Feed types = scene.feed("?types=job.running,job.completed&run=b");
                Feed target = scene.feed("?target=C2")) {
            scene.cluster("c1", 0, 1, "PT2M");
            scene.cluster("c2", 0, 1, "PT2M");
            scene.submit("c1", "a", "PT1M");
            scene.submit("c2", "b", "PT1M");

            assertThat(types.next().path("type").stringValue()).isEqualTo("job.running");
            ObjectNode completed = types.next();
            assertThat(completed.path("type").stringValue()).isEqualTo("job.completed");
            assertThat(completed.path("runId").stringValue()).isEqualTo("b");
            assertThat(target.next().path("target").stringValue()).isEqualTo("c2");
        }
    }

    @Test
    void readersAreBoundedAndTheirPlacesComeBack() {
        try (Scene scene = Scene.start(data)) {
            List<Feed> open = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                open.add(scene.feed(""));
            }
            assertThat(scene.control("GET", "/events", "").status()).isEqualTo(429);

            // Although nothing happens, which would show it, places of those that have gone are free for the next.
            open.forEach(Feed::close);
            try (Feed next = scene.feed("")) {
                scene.cluster("cc", 0, 1, "PT2M");
                assertThat(next.next().path("target").stringValue()).isEqualTo("cc");
            }
        }
    }

    @Test
    void whoAsksForTheHeadOfAFeedTakesNoPlaceAndHoldsNoClock() {
        try (Scene scene = Scene.start(data, "--malachite.clock=auto")) {
            for (int i = 0; i <= 100; i++) {
                assertThat(scene.control("HEAD", "/events", "").status()).isEqualTo(200);
            }

            try (Feed feed = scene.feed("")) {
                scene.cluster("cc", 0, 1, "PT2M");
                scene.submit("cc", "j", "PT1H");
                feed.await("job.completed");
            }
        }
    }

    @Test
    void aLogThatAsksForAllTheMemoryThereIsIsRefused() {
        try (Scene scene = Scene.start(data, "--malachite.clock=manual")) {
            scene.cluster("cc", 2, 2, "PT2M");
            String log = export(scene);
            String told = line(log, "\"PutTarget\"").replaceAll("\"(min|max)\":2", "\"$1\":60000");
            assertThat(told).contains("\"max\":60000");
            ObjectNode batch = Json.parse(told);
            ObjectNode parts = (ObjectNode) batch.path("told");
            ArrayNode commands = (ArrayNode) parts.path("commands");
            ArrayNode reconciled = (ArrayNode) parts.path("reconciled");
            String command = commands.path(0).toString();
            String target = reconciled.path(0).toString();
            for (int i = 0; i < 10; i++) {
                commands.add(Json.parse(
                        command.replace("\"cc\"", "\"c%d\"".formatted(i)).replaceAll("\"vCpus\":\\d+", "\"vCpus\":0")));
                reconciled.add(Json.parse(target.replace("\"cc\"", "\"c%d\"".formatted(i))));
            }

            Answer answer = scene.control("POST", "/events/replay", "{\"state\":\"BEGINS\"}\n" + Json.text(batch));
            assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
            assertThat(answer.response().body()).contains("nodes at a time");
        }
    }

    @Test
    void whatHappenedFollowsFromWhatTheEngineWasTold() {
        try (Scene scene = Scene.start(data, "--malachite.clock=manual")) {
            String log = worked(scene);
            Answer replayed = scene.control("POST", "/events/replay", log);

            assertThat(replayed.status()).as(replayed.response().body()).isEqualTo(200);
            ObjectNode same = replayed.json();
            assertThat(same.path("difference").isNull()).as(same.toString()).isTrue();
            assertThat(same.path("same").booleanValue()).isTrue();
            assertThat(same.path("events").longValue()).isGreaterThan(20);
            assertThat(same.path("events").longValue())
                    .isEqualTo(log.lines()
                            .filter(line -> line.startsWith("{\"number\""))
                            .count());
            assertThat(same.path("batches").longValue())
                    .isEqualTo(log.lines()
                            .filter(line -> line.startsWith("{\"told\""))
                            .count());

            // Something of each kind that is tampered with is found, and where.
            String running = line(log, "\"type\":\"job.running\"");
            difference(scene, log.replace(running, running.replace("Attempt 1", "Attempt 2")), running);
            difference(scene, log.replace(running + "\n", ""), null);
            String exit = line(log, "\"exitCode\":0");
            difference(scene, log.replace(exit, exit.replace("\"exitCode\":0", "\"exitCode\":1")), null);
            String submit = line(log, "{\"SubmitJob\"");
            difference(scene, log.replace(submit, submit.replace("SubmitJob", "CancelJob")), null);
        }
    }

    private static void difference(Scene scene, String tampered, @Nullable String original) {
        ObjectNode answer = scene.control("POST", "/events/replay", tampered).json();
        assertThat(answer.path("same").booleanValue()).as(answer.toString()).isFalse();
        ObjectNode difference = (ObjectNode) answer.path("difference");
        String at = tampered.lines()
                .skip(difference.path("line").longValue() - 1)
                .findFirst()
                .orElseThrow();
        if (original != null) {
            assertThat(at).contains("Attempt 2");
            assertThat(difference.path("decided").path("message").stringValue()).contains("Attempt 1");
        }
        assertThat(difference.path("decided").isObject()
                        || difference.path("logged").isObject())
                .isTrue();
    }

    @Test
    void aLogOfALaterTimeBeginsWithTheStateOfThatTime() {
        try (Scene scene = Scene.start(data, "--malachite.in-memory=false")) {
            worked(scene);
        }
        try (Scene scene = Scene.start(data, "--malachite.in-memory=false", "--malachite.clock=auto");
                Feed feed = scene.feed("?after=0")) {
            for (int i = 0; i < 3; i++) {
                feed.await("job.completed");
            }
            assertThat(scene.control("POST", "/events/replay", export(scene))
                            .json()
                            .path("same")
                            .booleanValue())
                    .isTrue();
            assertThat(scene.control("POST", "/reset", "").status()).isEqualTo(200);
            scene.feed("?after=-1").close();
            String log = export(scene);
            assertThat(log).doesNotContain("job.completed");
            assertThat(scene.control("POST", "/events/replay", log)
                            .json()
                            .path("same")
                            .booleanValue())
                    .isTrue();
        }
    }

    @Test
    void refusesWhatIsNoLog() {
        try (Scene scene = Scene.start(data, "--malachite.events-mib=1")) {
            assertThat(scene.control("POST", "/events/replay", "")
                            .json()
                            .path("same")
                            .booleanValue())
                    .isTrue();
            for (String body : List.of(
                    "hello",
                    "{}",
                    "[]",
                    "{\"number\":1",
                    "{\"told\":{\"at\":\"2026-01-01T00:00:00Z\",\"commands\":[],\"reconciled\":[],\"events\":0}}",
                    "{\"state\":\"BEGINS\"}\n{\"told\":{}}",
                    "{\"state\":\"BEGINS\"}\n{\"told\":{\"at\":\"2026-01-01T00:00:00Z\",\"commands\":[null],\"reconciled\":[null]}}",
                    "{\"state\":\"BEGINS\"}\n{\"change\":{\"NodePut\":{}}}",
                    "{\"state\":\"BEGINS\"}\n{\"change\":{\"Nothing\":{}}}",
                    "{\"state\":\"BEGINS\"}\n{\"told\":{\"at\":\"2026-01-01T00:00:00Z\",\"commands\":[{\"Nonsense\":{}}]}}")) {
                Answer answer = scene.control("POST", "/events/replay", body);
                assertThat(answer.status()).as(body).isEqualTo(400);
                assertThat(answer.error()).isNotEmpty();
            }
            assertThat(scene.control("POST", "/events/replay", "x".repeat(3 * 1024 * 1024))
                            .status())
                    .isEqualTo(413);
            assertThat(scene.control("GET", "/events?after=x", "").status()).isEqualTo(400);
        }
    }

    /** The log of a server on which jobs ran, one of them evicted, one canceled, and a cluster was deleted. */
    private static String worked(Scene scene) {
        try (Feed feed = scene.feed("?after=0")) {
            scene.cluster("cc", 0, 2, "PT2M");
            for (int i = 0; i < 3; i++) {
                scene.submit("cc", "j" + i, "PT1M");
            }
            scene.advance("PT30S");
            String node = feed.await("node.ready").path("node").stringValue();
            assertThat(scene.control("POST", "/nodes/" + node + "/evict", "").status())
                    .isEqualTo(202);
            scene.advance("PT10M");
            return export(scene);
        }
    }

    private static String export(Scene scene) {
        Answer answer = scene.control("GET", "/events/export", "");
        assertThat(answer.status()).isEqualTo(200);
        return answer.response().body();
    }

    private static String line(String log, String with) {
        return log.lines().filter(line -> line.contains(with)).findFirst().orElseThrow();
    }
}
