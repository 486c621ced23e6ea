package dev.malachite.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.testkit.client.FakeControl.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a client changed, it takes back. */
class UndoTest {

    private static final String SCALED =
            "{\"now\": \"2026-01-01T00:00:00Z\", \"ahead\": \"PT2M\", \"mode\": \"scaled\", \"speed\": 60, \"next\": null}";

    @AutoClose
    private final FakeControl control = new FakeControl();

    @AutoClose
    private final MalachiteClient client = MalachiteClient.at(control.address());

    @Test
    void theClocksModeIsAgainAsItWasFound() {
        control.answer("GET /clock", SCALED)
                .answer("PUT /clock", SCALED.replace("\"scaled\", \"speed\": 60", "\"manual\""));
        client.clock().mode(new ClockMode.Auto());
        client.clock().mode(new ClockMode.Manual());

        client.undo();

        assertThat(control.requests().stream()
                        .filter(request -> request.call().equals("PUT /clock"))
                        .map(Request::body))
                .containsExactly(
                        "{\"mode\":\"auto\"}", "{\"mode\":\"manual\"}", "{\"mode\":\"scaled\",\"speed\":60.0}");
    }

    @Test
    void aQuotaIsAgainTheDefault() {
        control.answer("PUT /quota", "{}");
        client.quotas().limit("s1", Quotas.TOTAL, 8);
        client.quotas().limit("s1", Quotas.TOTAL, 4);

        client.undo();

        assertThat(control.requests())
                .containsExactly(
                        new Request("PUT /quota", "{\"subscription\":\"s1\",\"family\":\"total\",\"limit\":8}"),
                        new Request("PUT /quota", "{\"subscription\":\"s1\",\"family\":\"total\",\"limit\":4}"),
                        new Request("PUT /quota", "{\"subscription\":\"s1\",\"family\":\"total\",\"limit\":null}"));
    }

    @Test
    void anUnusableNodeIsRepaired() {
        control.answer("POST /nodes/n1/unusable", "{\"id\": \"n1\", \"state\": \"unusable\", \"job\": \"r1\"}")
                .answer("POST /nodes/n1/repair", "{\"id\": \"n1\", \"state\": \"leaving\", \"job\": null}");
        assertThat(client.nodes().unusable("n1", "The disk is broken.").job()).contains("r1");

        client.undo();

        assertThat(control.calls()).containsExactly("POST /nodes/n1/unusable", "POST /nodes/n1/repair");
    }

    @Test
    void oneThatCannotBeUndoneDoesNotKeepTheOthers() {
        control.answer("PUT /quota", "{}")
                .answer("PUT /quota", "{}")
                .answer("PUT /quota", 500, "{\"error\": {\"code\": \"Broken\", \"message\": \"Alas.\"}}")
                .answer("PUT /quota", "{}");
        client.quotas().limit("s1", Quotas.TOTAL, 8);
        client.quotas().limit("s2", Quotas.TOTAL, 8);

        assertThatThrownBy(client::undo).isInstanceOf(MalachiteException.class).hasMessageContaining("Broken");
        assertThat(control.requests())
                .hasSize(4)
                .last()
                .satisfies(request -> assertThat(request.body())
                        .isEqualTo("{\"subscription\":\"s1\",\"family\":\"total\",\"limit\":null}"));
    }

    @Test
    void theClockIsReadInWhole() {
        control.answer("POST /clock/advance", SCALED.replace("null", "\"2026-01-01T00:01:00Z\""));

        ClockState clock = client.clock().advance(Duration.ofMinutes(2));

        assertThat(clock.mode()).isEqualTo(new ClockMode.Scaled(60));
        assertThat(clock.ahead()).isEqualTo(Duration.ofMinutes(2));
        assertThat(clock.next()).contains(Instant.parse("2026-01-01T00:01:00Z"));
        assertThat(control.requests()).containsExactly(new Request("POST /clock/advance", "{\"by\":\"PT2M\"}"));
    }

    @Test
    void aScenarioIsSentAsItsFileIsWritten() {
        control.answer("POST /scenario", "{}");

        client.begin(new Scenario(
                7L,
                new ClockMode.Auto(),
                List.of(
                        Fault.Eviction.ofFraction("gpu", 0.5, Duration.ofMinutes(1)),
                        new Fault.DiskFull().lasting(Duration.ofMinutes(5))),
                new Scenario.Expectation(
                        Map.of("Completed", 10), new Scenario.Range(1, null), 0, Duration.ofHours(2))));

        assertThat(Wire.JSON.readTree(control.requests().get(0).body())).isEqualTo(Wire.JSON.readTree("""
                {"seed": 7, "clock": {"mode": "auto"},
                 "faults": [{"kind": "eviction", "target": "gpu", "fraction": 0.5, "after": "PT1M"},
                            {"kind": "diskFull", "lasts": "PT5M"}],
                 "expect": {"runs": {"Completed": 10}, "evictions": {"min": 1}, "nodes": 0, "within": "PT2H"}}"""));
    }
}
