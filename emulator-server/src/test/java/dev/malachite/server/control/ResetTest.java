package dev.malachite.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beginning anew with everything in force that the control API can put in force. */
class ResetTest {

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
    @ValueSource(
            strings = {
                "{\"kind\": \"eviction\", \"fraction\": 1, \"after\": \"PT0S\"}",
                "{\"kind\": \"slowProvisioning\", \"duration\": \"PT24H\"}",
                "{\"kind\": \"allocationFailure\"}",
                "{\"kind\": \"nodeUnusable\"}",
                "{\"kind\": \"failedState\"}",
                "{\"kind\": \"imageFailure\", \"image\": \"*\"}",
                "{\"kind\": \"engineAway\"}",
                "{\"kind\": \"diskFull\"}",
                "{\"kind\": \"diskFull\", \"begins\": \"PT0.001S\", \"lasts\": \"P1D\"}",
                "{\"kind\": \"throttle\"}",
                "{\"kind\": \"latency\", \"delay\": \"PT1M\"}",
                "{\"kind\": \"drop\"}",
                "{\"kind\": \"error\", \"status\": 503, \"code\": \"ServerBusy\"}",
            })
    void nothingOfItIsLeft(String fault) {
        assertThat(scene.control(
                                "PUT",
                                "/quota",
                                "{\"subscription\": \"%s\", \"family\": \"lowPriority\", \"limit\": 0}"
                                        .formatted(Scene.WORKSPACE.subscription()))
                        .status())
                .isEqualTo(200);
        assertThat(scene.control(
                                "POST",
                                "/scenario",
                                "{\"clock\": {\"mode\": \"scaled\", \"speed\": 60}, \"faults\": [%s]}".formatted(fault))
                        .status())
                .isEqualTo(201);

        assertThat(scene.control("POST", "/reset", "").status()).isEqualTo(200);

        assertThat(scene.control("GET", "/faults", "").json().path("value").size())
                .isZero();
        assertThat(scene.control("GET", "/scenario", "").status()).isEqualTo(404);
        assertThat(scene.clock().path("mode").stringValue()).isEqualTo("real");
        assertThat(scene.control("GET", "/overview", "").json().path("targets").size())
                .isZero();
        scene.furnish();
        scene.cluster("fresh", 0, 1, "PT2M");
        scene.submit("fresh", "fresh", "PT1H");
        Scene.eventually(() -> scene.server()
                .get(Scene.WORKSPACE.armId() + "/jobs/fresh?api-version=2024-04-01")
                .json()
                .path("properties")
                .path("status")
                .stringValue("")
                .equals("Running"));
    }
}
