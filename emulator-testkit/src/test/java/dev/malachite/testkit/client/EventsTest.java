package dev.malachite.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Following the feed over broken connections. */
class EventsTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @AutoClose
    private final FakeControl control = new FakeControl();

    @AutoClose
    private final MalachiteClient client = MalachiteClient.at(control.address());

    @Test
    void aFeedThatBreaksGoesOnBehindTheLastEvent() {
        control.feed(": listening\n\n" + event(7, "job.queued", "r1") + event(8, "job.running", "r1"))
                .feed(": listening\n\n" + event(9, "job.completed", "r1"))
                .feed(": listening\n\n");

        Event completed = client.events().await("job.completed", "r1", SOON);

        assertThat(completed.number()).isEqualTo(9);
        assertThat(control.resumed()).startsWith("-1", "8");
        assertThat(client.events().seen()).extracting(Event::number).containsExactly(7L, 8L, 9L);
    }

    @Test
    void anEventThatCameBeforeItWasAwaitedIsFound() {
        control.feed(": listening\n\n" + event(1, "node.ready", "r1") + event(2, "node.gone", "r1"))
                .feed(": listening\n\n");
        client.events().await(event -> event.is("node.gone"), SOON);

        Event earlier = client.events().await(event -> event.is("node.ready"), Duration.ZERO);

        assertThat(earlier.number()).isEqualTo(1);
        assertThat(earlier.target()).contains("cpu");
        assertThat(earlier.node()).isEqualTo(Optional.empty());
    }

    @Test
    void whatDoesNotHappenSaysWhatDid() {
        control.feed(": listening\n\n" + event(1, "job.failed", "r1")).feed(": listening\n\n");
        client.events().await("job.failed", "r1", SOON);

        assertThatThrownBy(() -> client.events().await("job.completed", "r1", Duration.ofMillis(1)))
                .isInstanceOf(EventTimeoutException.class)
                .hasMessageContaining("1 job.failed r1: It is so.");
    }

    @Test
    void afterAResetEventsCountAnew() {
        control.feed(": listening\n\n" + event(500, "job.running", "r1"))
                .feed(": listening\n\n")
                .answer("POST /reset", "{}");
        client.events().await("job.running", "r1", SOON);

        client.reset();

        assertThat(client.events().seen()).isEmpty();
        assertThat(control.resumed()).endsWith("-1");
    }

    @Test
    void aFeedThatIsRefusedSaysSoAtOnce() {
        control.answer(
                "GET /events",
                429,
                "{\"error\": {\"code\": \"TooManyRequests\", \"message\": \"100 readers listen.\"}}");

        assertThatThrownBy(client::events)
                .isInstanceOfSatisfying(
                        MalachiteException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("TooManyRequests"));
    }

    @Test
    void nobodyAtTheAddressSaysSoAtOnce() {
        control.close();

        assertThatThrownBy(client::events)
                .isInstanceOfSatisfying(
                        MalachiteException.class,
                        failure -> assertThat(failure.code()).isEqualTo("Unreachable"));
    }

    private static String event(int number, String type, String run) {
        return """
                id:%d
                event:%s
                data:{"number": %d, "at": "2026-01-01T00:00:00Z", "type": "%s", "workspaceId": "w", "target": "cpu",\
                 "node": null, "runId": "%s", "message": "It is so.\\nAt length."}

                """.formatted(number, type, number, type, run);
    }
}
