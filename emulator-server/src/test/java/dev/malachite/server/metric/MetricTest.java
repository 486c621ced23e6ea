package dev.malachite.server.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.JobId;
import dev.malachite.server.run.Client;
import dev.malachite.server.run.Client.Answer;
import dev.malachite.server.run.HistoryFixture;
import dev.malachite.server.run.HistoryTest;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import tools.jackson.databind.JsonNode;

/** The metric service as contract sdk-v1 (5, Metrics) records it. */
@HistoryTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class MetricTest {

    private final Workspace workspace = HistoryFixture.workspace();
    private final Metrics metrics;
    private final Client history;
    private final Client client;

    MetricTest(MockMvcTester mvc, Metrics metrics) {
        this.metrics = metrics;
        this.history = new Client(mvc, "/history/v1.0" + workspace.armId());
        this.client = new Client(mvc, "/metric/v2.0" + workspace.armId());
    }

    @BeforeEach
    void aRun() {
        history.patch("/experiments/e/runs/r", "{}");
    }

    @Test
    void pointsOfANameAreMergedInTheOrderOfLogging() {
        log(scalar("acc", 0.1));
        log(scalar("loss", 9) + "," + scalar("acc", 0.2) + "," + scalar("acc", 0.05));

        Answer full = client.post("/runs/r/full", "{'metricName':'acc'}");

        assertThat(full.body()
                        .path("value")
                        .valueStream()
                        .map(point -> point.path("data").path("acc").asDouble()))
                .containsExactly(0.1, 0.2, 0.05);
        assertThat(full.body().path("columns")).isEqualTo(Json.parse("{\"acc\":\"double\"}"));
        assertThat(full.body().path("properties").path("uxMetricType").asString())
                .isEqualTo("azureml.v1.scalar");
        assertThat(full.body().path("continuationToken").isNull()).isTrue();
        assertThat(history.get("/experiments/e/runs/r/metricsingest/wait").status())
                .isEqualTo(200);
    }

    @Test
    void namesStandInsideTheMetricKey() {
        log(scalar("b", 1) + "," + scalar("a", 1));

        JsonNode list = client.post("/runs/r/list", "{}").body();

        assertThat(list.path("value")
                        .valueStream()
                        .map(item -> item.path("metricKey").path("name").asString()))
                .containsExactly("a", "b");
    }

    @Test
    void manyPointsComeInPages() {
        for (int batch = 0; batch < 2; batch++) {
            log("{'name':'m','columns':{'m':'int'},'value':[%s],'properties':{}}"
                    .formatted(IntStream.range(batch * 6_000, batch * 6_000 + 6_000)
                            .mapToObj(n -> "{'data':{'m':%d},'step':%d}".formatted(n, n))
                            .collect(Collectors.joining(","))));
        }

        JsonNode first = client.post("/runs/r/full", "{'metricName':'m'}").body();
        JsonNode second = client.post(
                        "/runs/r/full",
                        "{'metricName':'m','continuationToken':'%s'}"
                                .formatted(first.path("continuationToken").asString()))
                .body();

        assertThat(first.path("value").size()).isEqualTo(10_000);
        assertThat(second.path("value").size()).isEqualTo(2_000);
        assertThat(second.path("value").path(1_999).path("step").asInt()).isEqualTo(11_999);
    }

    @Test
    void thePageShowsTheLastValueOfEach() {
        log(scalar("acc", 0.1) + "," + scalar("acc", 0.7));
        log("{'name':'row','columns':{'x':'int','y':'int'},'value':[{'data':{'x':1,'y':2}}]}");

        assertThat(metrics.latest(new JobId(workspace.id(), "r")))
                .containsEntry("acc", Json.parse("{\"v\":0.7}").path("v"))
                .containsEntry("row", Json.parse("{\"x\":1,\"y\":2}"));
    }

    @Test
    void aBadBatchIsRefusedWhole() {
        Answer answer =
                client.post("/runs/r/batch", "{'values':[%s,{'name':'','value':[]}]}".formatted(scalar("good", 1)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(client.post("/runs/r/batch", "{}").status()).isEqualTo(400);
        assertThat(client.post("/runs/r/batch", "{'values':[%s]}".formatted(scalar("n".repeat(256), 1)))
                        .status())
                .isEqualTo(400);
        assertThat(client.post("/runs/r/list", "{}").body().path("value").size())
                .isZero();
        assertThat(client.post("/runs/r/full", "{'metricName':'good'}").status())
                .isEqualTo(404);
        assertThat(client.post("/runs/absent/batch", "{'values':[]}").status()).isEqualTo(404);
    }

    private void log(String values) {
        Answer answer = client.post("/runs/r/batch", "{'values':[%s],'reportErrors':true}".formatted(values));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(Json.parse("{\"errors\":[]}"));
    }

    private static String scalar(String name, double value) {
        return """
                {'name':'%s','columns':{'%s':'double'},'properties':{'uxMetricType':'azureml.v1.scalar'},
                 'value':[{'metricId':'m','createdUtc':'2026-11-21T10:00:00.1234567Z','data':{'%s':%s}}]}""".formatted(name, name, name, value);
    }
}
