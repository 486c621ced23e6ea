package dev.malachite.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults on the wire, as docs/control.md writes them. */
class FaultsTest {

    @AutoClose
    private final FakeControl control = new FakeControl();

    @AutoClose
    private final MalachiteClient client = MalachiteClient.at(control.address());

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(
                        Fault.Eviction.byMeanTime("gpu", Duration.ofMinutes(20))
                                .seed(7)
                                .notice(Duration.ZERO),
                        """
                        {"kind": "eviction", "target": "gpu", "meanTime": "PT20M", "seed": 7, "notice": "PT0S"}"""),
                Arguments.of(Fault.Eviction.byRate("gpu", 1.5).in("ws"), """
                        {"kind": "eviction", "target": "gpu", "workspace": "ws", "ratePerHour": 1.5}"""),
                Arguments.of(
                        Fault.Eviction.ofFraction("gpu", 0.3, Duration.ofMinutes(5))
                                .times(3),
                        """
                        {"kind": "eviction", "target": "gpu", "fraction": 0.3, "after": "PT5M", "times": 3}"""),
                Arguments.of(new Fault.SlowProvisioning(Duration.ofMinutes(4)).on("cpu"), """
                        {"kind": "slowProvisioning", "duration": "PT4M", "target": "cpu"}"""),
                Arguments.of(new Fault.AllocationFailure().on("cpu").because("ClusterCoreQuotaReached", "Full."), """
                        {"kind": "allocationFailure", "target": "cpu", "code": "ClusterCoreQuotaReached",
                         "message": "Full."}"""),
                Arguments.of(
                        new Fault.NodeUnusable().on("cpu").because("It broke.").times(1), """
                        {"kind": "nodeUnusable", "target": "cpu", "message": "It broke.", "times": 1}"""),
                Arguments.of(new Fault.FailedState().on("cpu"), "{\"kind\": \"failedState\", \"target\": \"cpu\"}"),
                Arguments.of(new Fault.ImageFailure("*/private/*"), """
                        {"kind": "imageFailure", "image": "*/private/*"}"""),
                Arguments.of(new Fault.EngineAway(), "{\"kind\": \"engineAway\"}"),
                Arguments.of(new Fault.DiskFull(), "{\"kind\": \"diskFull\"}"),
                Arguments.of(
                        new Fault.Throttle(Requests.to("*/computes/*").method("PUT"))
                                .retryAfter(Duration.ofSeconds(3))
                                .times(2),
                        """
                        {"kind": "throttle", "path": "*/computes/*", "method": "PUT", "retryAfter": 3, "times": 2}"""),
                Arguments.of(new Fault.Latency(Requests.all().some(0.5, 9), Duration.ofMillis(200)), """
                        {"kind": "latency", "probability": 0.5, "seed": 9, "delay": "PT0.2S"}"""),
                Arguments.of(new Fault.Drop(Requests.all()).times(1), "{\"kind\": \"drop\", \"times\": 1}"),
                Arguments.of(new Fault.ErrorAnswer(Requests.to("*/jobs/*"), 409, "Conflict", "Busy."), """
                        {"kind": "error", "path": "*/jobs/*", "status": 409, "code": "Conflict", "message": "Busy."}"""));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aFaultIsSentAsItIsWrittenDown(Fault fault, String json) {
        assertThat(Wire.JSON.readTree(Faults.json(fault).toString())).isEqualTo(Wire.JSON.readTree(json));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatTheEmulatorListsIsTheSameFault(Fault fault, String json) {
        control.answer("GET /faults", "{\"value\": [" + json.replaceFirst("\\{", "{\"id\": \"f1\", ") + "]}");

        assertThat(client.faults().list()).containsExactly(new Faults.Active("f1", fault));
    }

    @Test
    void aFaultMayBeginLaterAndEndByItself() {
        Fault away = new Fault.EngineAway().lasting(Duration.ofMinutes(5)).beginning(Duration.ofHours(1));

        assertThat(Wire.JSON.readTree(Faults.json(away).toString()))
                .isEqualTo(Wire.JSON.readTree("{\"kind\": \"engineAway\", \"begins\": \"PT1H\", \"lasts\": \"PT5M\"}"));
    }

    @Test
    void whatAClientAddedItUndoesTheLatestFirst() {
        control.answer("POST /faults", 201, "{\"id\": \"f1\", \"kind\": \"diskFull\"}")
                .answer("POST /faults", 201, "{\"id\": \"f2\", \"kind\": \"engineAway\"}")
                .answer("DELETE /faults/f2", 204, "")
                // f1 struck for the last time and has gone: the fake answers 404
                .answer("GET /clock", "{}");
        client.faults().add(new Fault.DiskFull().times(1));
        client.faults().add(new Fault.EngineAway());

        client.undo();
        client.undo();

        assertThat(control.calls())
                .containsExactly("POST /faults", "POST /faults", "DELETE /faults/f2", "DELETE /faults/f1");
    }

    @Test
    void aRefusalCarriesAzuresCode() {
        control.answer(
                "POST /faults",
                400,
                "{\"error\": {\"code\": \"InvalidParameter\", \"message\": \"'fraction' is 2.\"}}");

        assertThatThrownBy(() -> client.faults().add(Fault.Eviction.ofFraction("gpu", 2, Duration.ZERO)))
                .isInstanceOfSatisfying(MalachiteException.class, refusal -> {
                    assertThat(refusal.status()).isEqualTo(400);
                    assertThat(refusal.code()).isEqualTo("InvalidParameter");
                })
                .hasMessageContaining("'fraction' is 2.");
        client.undo();
        assertThat(control.calls()).containsExactly("POST /faults");
    }
}
