package dev.malachite.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.server.run.RunTokens;
import dev.malachite.server.start.RunningServer.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Failures on demand, each through the API and undone again, on simulated nodes and a clock that stands. */
class FaultsTest {

    @TempDir
    static Path data;

    private static Scene scene;
    private static int count;

    @BeforeAll
    static void start() {
        scene = Scene.start(data, "--malachite.clock=manual");
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @AfterEach
    void undo() {
        assertThat(scene.control("DELETE", "/faults", "").status()).isEqualTo(204);
    }

    private static String fault(String body) {
        Answer answer = scene.control("POST", "/faults", body);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
        return answer.json().path("id").stringValue();
    }

    private static String fresh(String prefix) {
        return prefix + "-" + ++count + "x";
    }

    private static Answer computes() {
        return scene.server().get(Scene.WORKSPACE.armId() + "/computes?api-version=2024-04-01");
    }

    private static String status(String run) {
        return scene.server()
                .get(Scene.WORKSPACE.armId() + "/jobs/" + run + "?api-version=2024-04-01")
                .json()
                .path("properties")
                .path("status")
                .stringValue();
    }

    private static String why(String run) {
        return scene.control("GET", "/jobs/" + run + "/explain", "")
                .json()
                .path("why")
                .stringValue();
    }

    private static String node(String cluster) {
        return nodes(cluster).path("nodeId").stringValue("");
    }

    /** The first of them. */
    private static JsonNode nodes(String cluster) {
        return scene.server()
                .send(
                        "POST",
                        Scene.WORKSPACE.armId() + "/computes/" + cluster + "/listNodes?api-version=2024-04-01",
                        "")
                .json()
                .path("nodes")
                .path(0);
    }

    private static void runs(String cluster, String run, String duration) {
        scene.cluster(cluster, 0, 2, "PT2M");
        scene.submit(cluster, run, duration);
        Scene.eventually(() -> status(run).equals("Running"));
    }

    @Test
    void requestsAreThrottledExactlyAsOftenAsAskedFor() {
        fault("{\"kind\": \"throttle\", \"path\": \"*/COMPUTES*\", \"times\": 2, \"retryAfter\": 3}");

        Answer first = computes();
        assertThat(first.status()).isEqualTo(429);
        assertThat(first.error()).isEqualTo("TooManyRequests");
        assertThat(first.header("Retry-After")).isEqualTo("3");
        assertThat(computes().status()).isEqualTo(429);
        assertThat(computes().status()).isEqualTo(200);
        assertThat(scene.control("GET", "/faults", "").json().path("value").size())
                .isZero();
    }

    @Test
    void anotherAnswerIsGivenInTheServicesShape() {
        String id = fault(
                "{\"kind\": \"error\", \"path\": \"*/computes\", \"method\": \"GET\", \"status\": 503, \"code\": \"ServerBusy\"}");

        assertThat(computes().status()).isEqualTo(503);
        assertThat(computes().error()).isEqualTo("ServerBusy");
        assertThat(scene.control("DELETE", "/faults/" + id, "").status()).isEqualTo(204);
        assertThat(computes().status()).isEqualTo(200);
        assertThat(scene.control("DELETE", "/faults/" + id, "").status()).isEqualTo(404);
    }

    @Test
    void aConnectionIsDroppedWithoutAnAnswer() {
        fault("{\"kind\": \"drop\", \"path\": \"*/computes\"}");

        assertThatThrownBy(FaultsTest::computes)
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseInstanceOf(java.io.IOException.class);
    }

    @Test
    void anAnswerComesLater() {
        fault("{\"kind\": \"latency\", \"path\": \"*/computes\", \"delay\": \"PT0.3S\"}");
        long before = System.nanoTime();

        assertThat(computes().status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void theSameSeedStrikesTheSameRequests() {
        String first = fates();
        assertThat(first).contains("429").contains("200");
        assertThat(fates()).isEqualTo(first);
    }

    private static String fates() {
        String id = fault("{\"kind\": \"throttle\", \"path\": \"*/computes\", \"probability\": 0.5, \"seed\": 42}");
        StringBuilder fates = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            fates.append(computes().status()).append(' ');
        }
        scene.control("DELETE", "/faults/" + id, "");
        return fates.toString();
    }

    @Test
    void anImageCannotBeHad() {
        fault("{\"kind\": \"imageFailure\", \"image\": \"MADE-*\", \"message\": \"manifest unknown\"}");
        String run = fresh("image");
        String cluster = fresh("c");
        scene.cluster(cluster, 0, 1, "PT2M");
        scene.environment("broken");
        scene.submit(cluster, run, "PT1S", "broken");

        Scene.eventually(() -> status(run).equals("Failed"));
    }

    @Test
    void anImageThatCouldNotBeHadOnceIsTriedForTheNextJob() {
        String cluster = fresh("c");
        fault("{\"kind\": \"imageFailure\", \"image\": \"*\", \"times\": 1}");
        scene.cluster(cluster, 0, 1, "PT2M");
        scene.environment("late");
        String failed = fresh("first");
        scene.submit(cluster, failed, "PT1S", "late");
        Scene.eventually(() -> status(failed).equals("Failed"));
        String run = fresh("second");
        scene.submit(cluster, run, "PT1S", "late");

        Scene.eventually(() -> status(run).equals("Running"));
    }

    @Test
    void anImageThatCouldNotBeHadOnceIsTriedAgainForTheNodeThatWaitsForIt() {
        fault("{\"kind\": \"imageFailure\", \"image\": \"*openmpi*\", \"times\": 1}");
        String cluster = fresh("c");
        scene.cluster(cluster, 1, 1, "PT2M");
        Scene.eventually(
                () -> scene.control("GET", "/faults", "").json().path("value").isEmpty());
        Scene.eventually(() -> scene.nodes(cluster) == 0);
        scene.advance("PT10S");

        Scene.eventually(() -> !node(cluster).isEmpty() && nodeState(cluster).equals("idle"));
    }

    private static String nodeState(String cluster) {
        return nodes(cluster).path("nodeState").stringValue("");
    }

    @Test
    void anEngineThatIsAwayHoldsJobsAndNothingIsLost() {
        fault("{\"kind\": \"engineAway\", \"runtime\": \"simulated\"}");
        String run = fresh("away");
        String cluster = fresh("c");
        scene.cluster(cluster, 0, 1, "PT2M");
        scene.submit(cluster, run, "PT1S");
        assertThat(scene.nodes(cluster)).isEqualTo(1);
        assertThat(status(run)).isEqualTo("Queued");
        scene.control("DELETE", "/faults", "");

        Scene.eventually(() -> status(run).equals("Running"));
        scene.advance("PT1S");
        Scene.eventually(() -> status(run).equals("Completed"));
    }

    @Test
    void anEngineIsAwayForAWhileAndIsBackAtItsTime() {
        Instant asked = scene.now();
        Answer answer = scene.control(
                "POST", "/faults", "{\"kind\": \"engineAway\", \"begins\": \"PT1M\", \"lasts\": \"PT10M\"}");
        assertThat(answer.json().path("beginsAt").stringValue())
                .isEqualTo(asked.plusSeconds(60).toString());
        assertThat(answer.json().path("endsAt").stringValue())
                .isEqualTo(asked.plusSeconds(660).toString());
        String before = fresh("before");
        String cluster = fresh("c");
        runs(cluster, before, "PT1H");
        scene.advance("PT2M");
        String run = fresh("away");
        scene.submit(cluster, run, "PT1M");
        scene.advance("PT8M");
        assertThat(status(run)).isEqualTo("Queued");

        scene.advance("PT2M");
        assertThat(scene.control("GET", "/faults", "").json().path("value").size())
                .isZero();
        assertThat(status(run))
                .as("it began when the engine was back, and has had its minute since")
                .isEqualTo("Completed");
        assertThat(status(before)).isEqualTo("Running");
    }

    @Test
    void aDiskIsFullForAWhile() {
        fault("{\"kind\": \"diskFull\", \"begins\": \"PT1M\", \"lasts\": \"PT1M\"}");
        scene.advance("PT1M");
        assertThat(put(fresh("never")).status()).isEqualTo(507);
        scene.advance("PT1M");

        assertThat(put(fresh("later")).status()).isEqualTo(201);
    }

    @Test
    void aJobThatShouldStartOnAFullDiskFailsWithTheReasonAndTheNextOneRuns() {
        String cluster = fresh("c");
        scene.cluster(cluster, 0, 1, "PT2M");
        String running = fresh("disk");
        String starting = fresh("disk");
        scene.submit(cluster, running, "PT1M");
        scene.submit(cluster, starting, "PT1M");
        Scene.eventually(() -> status(running).equals("Running"));
        fault("{\"kind\": \"diskFull\", \"begins\": \"PT30S\", \"lasts\": \"PT2M\"}");
        scene.advance("PT1M");

        assertThat(status(running)).isEqualTo("Completed");
        assertThat(status(starting)).isEqualTo("Failed");
        assertThat(scene.control("GET", "/events/export", "").response().body().lines())
                .filteredOn(line -> line.contains("job.failed") && line.contains(starting))
                .singleElement()
                .asString()
                .contains("The job could not be started: there is no space left on the disk.");
        scene.advance("PT2M");
        String next = fresh("disk");
        scene.submit(cluster, next, "PT1M");
        Scene.eventually(() -> status(next).equals("Running"));
    }

    private static Answer put(String cluster) {
        return scene.server()
                .send(
                        "PUT",
                        Scene.WORKSPACE.armId() + "/computes/" + cluster + "?api-version=2024-04-01",
                        "{\"location\": \"koreacentral\", \"properties\": {\"computeType\": \"AmlCompute\", \"properties\": {\"vmSize\": \"STANDARD_D2_V2\", \"scaleSettings\": {\"minNodeCount\": 0, \"maxNodeCount\": 1}}}}");
    }

    @Test
    void aFullDiskRefusesChangesAndForgetsNothing() {
        String run = fresh("disk");
        String cluster = fresh("c");
        runs(cluster, run, "PT1M");
        fault("{\"kind\": \"diskFull\"}");

        Answer refused = put("never");
        assertThat(refused.status()).isEqualTo(507);
        assertThat(refused.error()).isEqualTo("InsufficientStorage");
        assertThat(scene.server()
                        .send("POST", Scene.WORKSPACE.armId() + "/jobs/" + run + "/cancel?api-version=2024-04-01", "")
                        .status())
                .isEqualTo(507);
        scene.advance("PT1M");
        assertThat(status(run)).as("room is left for how jobs end").isEqualTo("Completed");
        scene.control("DELETE", "/faults", "");

        assertThat(scene.server()
                        .get(Scene.WORKSPACE.armId() + "/computes/never?api-version=2024-04-01")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void nodesThatComeSlowlyAndNodesThatDoNotComeAreExplained() {
        String slow = fresh("c");
        String run = fresh("slow");
        scene.cluster(slow, 0, 1, "PT2M");
        fault("{\"kind\": \"slowProvisioning\", \"target\": \"%s\", \"duration\": \"PT3M\"}".formatted(slow));
        scene.submit(slow, run, "PT1M");
        Scene.eventually(() -> scene.nodes(slow) == 1);
        assertThat(why(run)).contains("holds it back for another 180 s");
        scene.advance("PT3M");
        Scene.eventually(() -> status(run).equals("Running"));

        String none = fresh("c");
        String other = fresh("none");
        scene.cluster(none, 0, 1, "PT2M");
        fault("{\"kind\": \"allocationFailure\", \"target\": \"%s\"}".formatted(none));
        scene.submit(none, other, "PT1M");
        Scene.eventually(() -> why(other).contains("could not be allocated"));
        Answer compute = scene.server().get(Scene.WORKSPACE.armId() + "/computes/" + none + "?api-version=2024-04-01");
        assertThat(compute.json().path("properties").path("provisioningState").stringValue())
                .isEqualTo("Succeeded");
        assertThat(compute.response().body()).contains("AllocationFailed");
    }

    @Test
    void aNodeKnowsOfItsEvictionWhenItsNoticeIsGiven() {
        String cluster = fresh("c");
        String run = fresh("evicted");
        runs(cluster, run, "PT1H");
        String node = node(cluster);
        assertThat(events(run).path("Events").size()).isZero();

        Answer answer = scene.control("POST", "/nodes/" + node + "/evict", "{\"notice\": \"PT30S\"}");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(events(run).path("Events").path(0).path("EventType").stringValue())
                .isEqualTo("Preempt");
        assertThat(events(run).path("Events").path(0).path("Resources").path(0).stringValue())
                .isEqualTo(node);
        scene.advance("PT30S");
        Scene.eventually(() -> scene.control("GET", "/jobs/" + run + "/explain", "")
                        .json()
                        .path("attempt")
                        .intValue()
                == 2);
    }

    @Test
    void aRatePerHourEvictsAsTheMeanTimeOfWhichItIsTheInverse() {
        String cluster = fresh("c");
        String run = fresh("rated");
        runs(cluster, run, "PT1H");
        fault("{\"kind\": \"eviction\", \"target\": \"%s\", \"ratePerHour\": 120, \"seed\": 5, \"times\": 1}"
                .formatted(cluster));
        JsonNode rule = scene.control("GET", "/faults", "").json().path("value").path(0);
        assertThat(rule.path("meanTime").stringValue()).isEqualTo("PT30S");
        assertThat(rule.path("seed").longValue()).isEqualTo(5);

        scene.advance("PT30M");
        Scene.eventually(() -> scene.control("GET", "/jobs/" + run + "/explain", "")
                        .json()
                        .path("attempt")
                        .intValue()
                == 2);
    }

    private static tools.jackson.databind.node.ObjectNode events(String run) {
        String token =
                scene.server().bean(RunTokens.class).issue(Scene.WORKSPACE, run).value();
        return scene.server()
                .sendTo(
                        scene.server().https() + "/metadata/scheduledevents?api-version=2020-07-01",
                        "GET",
                        "",
                        "Metadata",
                        "true",
                        "X-IDENTITY-HEADER",
                        token)
                .json();
    }

    @Test
    void scheduledEventsAreForTheRunAlone() {
        String url = scene.server().https() + "/metadata/scheduledevents";
        assertThat(scene.server().sendTo(url, "GET", "", "Metadata", "true").status())
                .isEqualTo(400);
        assertThat(scene.server()
                        .sendTo(url, "GET", "", "X-IDENTITY-HEADER", "nonsense", "Metadata", "true")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void anUnusableNodeIsShownAndReplacedWhenRepaired() {
        String cluster = fresh("c");
        String run = fresh("broken");
        runs(cluster, run, "PT1H");
        String node = node(cluster);
        assertThat(scene.control("POST", "/nodes/" + node + "/unusable", "").status())
                .isEqualTo(202);
        Scene.eventually(() -> status(run).equals("Running") && scene.nodes(cluster) == 2);
        Answer compute =
                scene.server().get(Scene.WORKSPACE.armId() + "/computes/" + cluster + "?api-version=2024-04-01");
        assertThat(compute.json()
                        .path("properties")
                        .path("properties")
                        .path("nodeStateCounts")
                        .path("unusableNodeCount")
                        .intValue())
                .isEqualTo(1);
        assertThat(scene.control("POST", "/nodes/" + node + "/repair", "").status())
                .isEqualTo(202);
        Scene.eventually(() -> scene.nodes(cluster) == 1);
        assertThat(scene.control("POST", "/nodes/" + node + "/repair", "").status())
                .isEqualTo(404);
    }

    @Test
    void theNextReadyNodeIsUnusableForAWhileWithoutAnybodyKnowingItsName() {
        String cluster = fresh("c");
        scene.cluster(cluster, 0, 1, "PT2M");
        fault("{\"kind\": \"nodeUnusable\", \"target\": \"%s\", \"times\": 1, \"lasts\": \"PT10M\"}"
                .formatted(cluster));
        String run = fresh("broken");
        scene.submit(cluster, run, "PT1M");
        Scene.eventually(() -> nodeState(cluster).equals("unusable"));
        assertThat(why(run)).contains("1 unusable");

        scene.advance("PT12M");
        assertThat(status(run)).isEqualTo("Completed");
        assertThat(scene.control("GET", "/faults", "").json().path("value").size())
                .isZero();
    }

    @Test
    void anEvictionRuleForADedicatedClusterIsRefused() {
        String cluster = fresh("c");
        assertThat(put(cluster).status()).isEqualTo(201);

        Answer answer = scene.control(
                "POST",
                "/faults",
                "{\"kind\": \"eviction\", \"target\": \"%s\", \"meanTime\": \"PT1M\"}".formatted(cluster));
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.error()).isEqualTo("NodeNotEvictable");
    }

    @Test
    void aQuotaRunsOutAndIsRaised() {
        String cluster = fresh("c");
        scene.cluster(cluster, 0, 4, "PT2M");
        Answer set = scene.control(
                "PUT",
                "/quota",
                "{\"subscription\": \"%s\", \"family\": \"lowPriority\", \"limit\": 2}"
                        .formatted(Scene.WORKSPACE.subscription()));
        long used = set.json().path("used").longValue();
        scene.control(
                "PUT",
                "/quota",
                "{\"subscription\": \"%s\", \"family\": \"lowPriority\", \"limit\": %d}"
                        .formatted(Scene.WORKSPACE.subscription(), used + 2));
        String first = fresh("quota");
        String second = fresh("quota");
        scene.submit(cluster, first, "PT1H");
        scene.submit(cluster, second, "PT1H");

        Scene.eventually(() -> status(first).equals("Running"));
        assertThat(why(second)).contains("cores of lowPriority are used, a node needs 2");
        Answer compute =
                scene.server().get(Scene.WORKSPACE.armId() + "/computes/" + cluster + "?api-version=2024-04-01");
        assertThat(compute.response().body()).contains("ClusterCoreQuotaReached");
        assertThat(scene.server()
                        .get(
                                "/subscriptions/" + Scene.WORKSPACE.subscription()
                                        + "/providers/Microsoft.MachineLearningServices/locations/koreacentral/usages?api-version=2024-04-01")
                        .response()
                        .body())
                .contains("Total Cluster LowPriority Regional vCPUs");
        scene.control(
                "PUT",
                "/quota",
                "{\"subscription\": \"%s\", \"family\": \"lowPriority\", \"limit\": null}"
                        .formatted(Scene.WORKSPACE.subscription()));
        Scene.eventually(() -> status(second).equals("Running"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"kind\": \"nonsense\"}",
                "{\"kind\": 7}",
                "{\"kind\": \"eviction\"}",
                "{\"kind\": \"eviction\", \"meanTime\": \"PT1M\", \"fraction\": 0.5, \"after\": \"PT1M\"}",
                "{\"kind\": \"eviction\", \"fraction\": 1.5, \"after\": \"PT1M\"}",
                "{\"kind\": \"eviction\", \"fraction\": 0.5}",
                "{\"kind\": \"eviction\", \"ratePerHour\": 0.00001}",
                "{\"kind\": \"nodeUnusable\", \"targets\": \"misspelled\"}",
                "{\"kind\": \"slowProvisioning\", \"duration\": \"soon\"}",
                "{\"kind\": \"slowProvisioning\", \"duration\": \"-PT1M\"}",
                "{\"kind\": \"imageFailure\"}",
                "{\"kind\": \"engineAway\", \"runtime\": \"teapot\"}",
                "{\"kind\": \"throttle\", \"times\": 0}",
                "{\"kind\": \"throttle\", \"retryAfter\": 1.5}",
                "{\"kind\": \"throttle\", \"probability\": \"often\"}",
                "{\"kind\": \"latency\"}",
                "{\"kind\": \"diskFull\", \"times\": 1}",
                "{\"kind\": \"diskFull\", \"lasts\": \"PT0S\"}",
                "{\"kind\": \"diskFull\", \"lasts\": 5}",
                "{\"kind\": \"diskFull\", \"begins\": \"-PT1M\"}",
                "{\"kind\": \"diskFull\", \"begins\": \"P4000D\"}",
                "{\"kind\": \"engineAway\", \"times\": 1}",
                "{\"kind\": \"error\", \"status\": 200, \"code\": \"X\"}",
                "[]",
                "{",
            })
    void aFaultThatIsNotUnderstoodIsTheAskersMistake(String body) {
        Answer answer = scene.control("POST", "/faults", body);

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
        assertThat(answer.error()).isNotEmpty();
        assertThat(scene.control("GET", "/faults", "").json().path("value").size())
                .isZero();
    }

    @Test
    void aFaultThatCouldNotBeKeptIsTheAskersMistake() {
        Answer answer = scene.control(
                "POST",
                "/faults",
                "{\"kind\": \"allocationFailure\", \"message\": \"%s\"}".formatted("\\u0001".repeat(2000)));

        assertThat(answer.status()).as(answer.response().body()).isEqualTo(400);
    }

    @Test
    void thePageIsNeverStruck() {
        fault("{\"kind\": \"drop\"}");

        assertThat(scene.server()
                        .sendTo(scene.server().http() + "/ui/nothing", "GET", "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aTargetThatIsNotThereIsNotFound() {
        assertThat(scene.control("POST", "/faults", "{\"kind\": \"allocationFailure\", \"target\": \"nowhere\"}")
                        .status())
                .isEqualTo(404);
        assertThat(scene.control("POST", "/nodes/nobody/evict", "").status()).isEqualTo(404);
        assertThat(scene.control("POST", "/nodes/nobody/evict", "{\"notice\": \"x\"}")
                        .status())
                .isEqualTo(400);
        assertThat(scene.control("PUT", "/quota", "{\"family\": \"nonsense\", \"limit\": 1}")
                        .status())
                .isEqualTo(400);
        assertThat(scene.control("PUT", "/quota", "{\"family\": \"total\"}").status())
                .isEqualTo(400);
        assertThat(scene.control("PUT", "/quota", "{\"family\": \"total\", \"limit\": -1}")
                        .status())
                .isEqualTo(400);
        assertThat(scene.control("PUT", "/quota", "{\"family\": \"total\", \"limit\": 1, \"location\": \"atlantis\"}")
                        .status())
                .isEqualTo(400);
        assertThat(scene.control("PUT", "/quota", "{\"family\": \"total\", \"limit\": 1, \"subscription\": \"mine\"}")
                        .status())
                .isBetween(400, 404);
    }
}
