package dev.malachite.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.testkit.emulator.Emulator;
import dev.malachite.testkit.junit.EmulatorTest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The client with a real emulator. */
@EmulatorTest
class MalachiteClientTest {

    @Test
    void itTellsWhatItIs(MalachiteClient client) {
        assertThat(client.health().status()).isEqualTo("UP");
        assertThat(client.health().components()).containsKey("runtime");
        assertThat(client.version().name()).isEqualTo("Malachite");
        assertThat(client.overview().runtime()).isEqualTo("simulated");
        assertThat(client.certificate()).startsWith("-----BEGIN CERTIFICATE-----");
    }

    @Test
    void theClockTurnsByWhatItIsTold(EmulatorClock clock) {
        Instant before = clock.now();

        ClockState after = clock.advance(Duration.ofHours(3));

        assertThat(after.now()).isAfterOrEqualTo(before.plus(Duration.ofHours(3)));
        // While it is turned it stands still, and real time does not.
        assertThat(after.ahead()).isGreaterThan(Duration.ofHours(2));
        assertThat(after.mode()).isEqualTo(new ClockMode.Real());
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
                .isInstanceOfSatisfying(
                        MalachiteException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("InvalidParameter"));
    }

    @Test
    void theClocksModeIsUndone(MalachiteClient client) {
        assertThat(client.clock().mode(new ClockMode.Scaled(60)).mode()).isEqualTo(new ClockMode.Scaled(60));
        assertThat(client.clock().mode(new ClockMode.Manual()).mode()).isEqualTo(new ClockMode.Manual());

        client.undo();

        assertThat(client.clock().state().mode()).isEqualTo(new ClockMode.Real());
    }

    @Test
    void whatIsNotThereIsNotFound(MalachiteClient client) {
        assertThatThrownBy(() -> client.explain("nobody")).isInstanceOfSatisfying(MalachiteException.class, refusal -> {
            assertThat(refusal.status()).isEqualTo(404);
            assertThat(refusal.code()).isEqualTo("NotFound");
        });
        assertThatThrownBy(() -> client.nodes().evict("tvm-no")).isInstanceOf(MalachiteException.class);
    }

    @Test
    void aFaultStrikesUntilItIsUndone(MalachiteClient client, Emulator emulator) throws Exception {
        client.faults()
                .add(new Fault.Throttle(Requests.to("*/subscriptions/" + emulator.subscription() + "*"))
                        .retryAfter(Duration.ofSeconds(7)));
        assertThat(subscription(emulator).statusCode()).isEqualTo(429);
        assertThat(subscription(emulator).headers().firstValue("Retry-After")).contains("7");
        assertThat(client.faults().list())
                .singleElement()
                .satisfies(active -> assertThat(active.fault()).isInstanceOf(Fault.Throttle.class));

        client.undo();

        assertThat(subscription(emulator).statusCode()).isEqualTo(200);
        assertThat(client.faults().list()).isEmpty();
    }

    @Test
    void aQuotaIsSetAndGoesBack(MalachiteClient client, Emulator emulator) {
        String subscription = emulator.subscription();
        client.quotas().limit(subscription, Quotas.TOTAL, 8);
        assertThat(client.quotas().of(subscription, Quotas.TOTAL))
                .hasValueSatisfying(limit -> assertThat(limit.limit()).isEqualTo(8));

        client.undo();

        assertThat(client.quotas().of(subscription, Quotas.TOTAL)).isEmpty();
    }

    @Test
    void aClassHasASubscriptionThatTheEmulatorKnows(Emulator emulator) throws Exception {
        assertThat(subscription(emulator).body()).contains(emulator.subscription());
        assertThat(emulator.environment()).containsEntry("AZURE_SUBSCRIPTION_ID", emulator.subscription());
    }

    private static HttpResponse<String> subscription(Emulator emulator) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("%s/subscriptions/%s?api-version=2022-12-01"
                        .formatted(emulator.endpoint(), emulator.subscription())))
                .header("Authorization", "Bearer " + emulator.token())
                .build();
        return emulator.http().send(request, BodyHandlers.ofString());
    }
}
