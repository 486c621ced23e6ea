package dev.malachite.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.start.RunningServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** The emulator's clock as a test of a user's turns it, on a whole server with simulated nodes. */
class ClockTest {

    @TempDir
    Path data;

    @Test
    void standsStillUntilItIsTurned() {
        try (Scene scene = Scene.start(data, "--malachite.clock=manual")) {
            ObjectNode clock = scene.clock();
            scene.cluster("cc", 0, 1, "PT2M");
            Instant before = scene.now();

            assertThat(clock.path("mode").stringValue()).isEqualTo("manual");
            assertThat(before).isEqualTo(Instant.parse(clock.path("now").stringValue()));
            assertThat(Instant.parse(scene.advance("PT1H").path("now").stringValue()))
                    .isEqualTo(before.plus(Duration.ofHours(1)));
        }
    }

    @Test
    void aClusterScalesToZeroWhenItsIdleTimeIsTurnedOver() {
        try (Scene scene = Scene.start(data, "--malachite.clock=manual");
                Feed feed = scene.feed("")) {
            scene.cluster("cc", 0, 1, "PT2M");
            scene.submit("cc", "j", "PT10M");
            Instant submitted = scene.now();
            scene.advance("PT0S");

            scene.advance("PT11M59.999999S");
            assertThat(scene.nodes("cc")).isEqualTo(1);
            scene.advance("PT0.000001S");
            assertThat(scene.nodes("cc")).isZero();

            // Nothing has taken any time but what is said to take some.
            assertThat(Feed.at(feed.await("job.running"))).isEqualTo(submitted);
            assertThat(Feed.at(feed.await("job.completed"))).isEqualTo(submitted.plus(Duration.ofMinutes(10)));
            assertThat(Feed.at(feed.await("node.gone"))).isEqualTo(submitted.plus(Duration.ofMinutes(12)));
        }
    }

    @Test
    void aChainOfJobsTurnsOutToTheMicrosecond() {
        try (Scene scene = Scene.start(data, "--malachite.clock=manual");
                Feed feed = scene.feed("")) {
            scene.cluster("cc", 0, 1, "PT2M");
            for (int i = 0; i < 5; i++) {
                scene.submit("cc", "j" + i, "PT1M");
            }
            Instant begun = scene.now();

            scene.advance("PT10M");

            for (int i = 1; i <= 5; i++) {
                assertThat(Feed.at(feed.await("job.completed"))).isEqualTo(begun.plus(Duration.ofMinutes(i)));
            }
            assertThat(Feed.at(feed.await("node.gone"))).isEqualTo(begun.plus(Duration.ofMinutes(7)));
            assertThat(scene.nodes("cc")).isZero();
        }
    }

    @Test
    void turnsItselfWhenNothingGoesOn() {
        try (Scene scene = Scene.start(data, "--malachite.clock=manual");
                Feed feed = scene.feed("")) {
            scene.cluster("cc", 0, 2, "PT2M");
            for (int i = 0; i < 4; i++) {
                scene.submit("cc", "j" + i, "PT1H");
            }
            // Not before: between two submissions nothing may go on, and an hour be over.
            scene.control("PUT", "/clock", "{\"mode\": \"auto\"}");

            Instant last = Instant.EPOCH;
            for (int i = 0; i < 4; i++) {
                last = Feed.at(feed.await("job.completed"));
            }
            feed.await("node.gone");
            // Both nodes, each two minutes after its last job.
            assertThat(Feed.at(feed.await("node.gone"))).isEqualTo(last.plus(Duration.ofMinutes(2)));
            assertThat(Duration.parse(scene.clock().path("ahead").stringValue()))
                    .isGreaterThan(Duration.ofHours(1));
        }
    }

    @Test
    void runsManyTimesAsFast() {
        try (Scene scene = Scene.start(data);
                Feed feed = scene.feed("")) {
            assertThat(scene.control("PUT", "/clock", "{\"mode\":\"scaled\",\"speed\":600}")
                            .status())
                    .isEqualTo(200);
            scene.cluster("cc", 0, 1, "PT2M");
            scene.submit("cc", "j", "PT5M");
            long begun = System.nanoTime();

            Instant completed = Feed.at(feed.await("job.completed"));
            Instant gone = Feed.at(feed.await("node.gone"));

            // 7 minutes in 0.7 s, in the emulator's own time not less than it should be.
            assertThat(Duration.between(completed, gone)).isGreaterThanOrEqualTo(Duration.ofMinutes(2));
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(600), Duration.ofSeconds(30));
        }
    }

    @Test
    void keepsItsModeAndItsTimeOverARestart() {
        Instant turned;
        try (Scene scene = Scene.start(data, "--malachite.in-memory=false", "--malachite.clock=manual")) {
            turned = Instant.parse(scene.advance("P3D").path("now").stringValue());
        }
        try (Scene scene = Scene.start(data, "--malachite.in-memory=false")) {
            assertThat(scene.clock().path("mode").stringValue()).isEqualTo("manual");
            assertThat(scene.now()).isEqualTo(turned);
            scene.control("PUT", "/clock", "{\"mode\":\"scaled\",\"speed\":60}");
        }
        try (Scene scene = Scene.start(data, "--malachite.in-memory=false")) {
            assertThat(scene.clock().path("speed").doubleValue()).isEqualTo(60);
            assertThat(scene.now()).isAfter(turned);
        }
        try (Scene scene = Scene.start(data, "--malachite.in-memory=false", "--malachite.clock=real")) {
            assertThat(scene.clock().path("mode").stringValue()).isEqualTo("real");
            assertThat(scene.now()).isAfter(turned);
        }
    }

    @Test
    void isTurnedToATime() {
        try (Scene scene = Scene.start(data)) {
            Answer turned = scene.control("POST", "/clock/advance", "{\"to\":\"2030-01-01T00:00:00Z\"}");

            assertThat(turned.json().path("now").stringValue()).startsWith("2030-01-01T00:00:0");
            assertThat(scene.control("POST", "/clock/advance", "{\"to\":\"2029-12-31T23:59:59Z\"}")
                            .status())
                    .isEqualTo(400);
        }
    }
}
