package dev.malachite.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.JobId;
import dev.malachite.server.artifact.Artifacts;
import dev.malachite.server.database.WriteBehind;
import dev.malachite.server.database.Writes;
import dev.malachite.server.run.Client.Answer;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Run history as contracts sdk-v1 (5) and sdk-v2 (5.1) record it. */
@HistoryTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class RunHistoryTest {

    private final RunRecords records;
    private final WriteBehind journal;
    private final Runs runs;
    private final Artifacts artifacts;
    private final TransactionTemplate transaction;
    private final Workspace workspace = HistoryFixture.workspace();
    private final Client client;

    RunHistoryTest(
            MockMvcTester mvc,
            RunRecords records,
            WriteBehind journal,
            Runs runs,
            Artifacts artifacts,
            PlatformTransactionManager transactions) {
        this.records = records;
        this.journal = journal;
        this.runs = runs;
        this.artifacts = artifacts;
        this.transaction = new TransactionTemplate(transactions);
        this.client = new Client(mvc, "/history/v1.0" + workspace.armId());
    }

    @Test
    void patchMakesARunThatIsAbsentAndItsExperiment() {
        Answer made = client.patch("/experiments/e/runs/r1", """
                {"runId":"r1","status":"NotStarted","target":"local","name":"n","tags":{"a":"1","b":null},"future":{"x":1}}""");

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.body().path("status").asString()).isEqualTo("NotStarted");
        assertThat(made.body().path("runNumber").asInt()).isEqualTo(1);
        assertThat(made.body().path("dataContainerId").asString()).isEqualTo("dcid.r1");
        assertThat(made.body().path("tags")).isEqualTo(json("{'a':'1','b':null}"));
        assertThat(made.body().path("cancelUri").isNull()).isTrue();
        assertThat(made.body().path("future")).isEqualTo(json("{'x':1}"));
        Answer experiment = client.get("/experiments/e");
        assertThat(experiment.body().path("experimentId")).isEqualTo(made.body().path("experimentId"));
    }

    @Test
    void patchMergesTagsAndPropertiesAndLeavesTheRest() {
        client.patch("/experiments/e/runs/r", "{'displayName':'d','tags':{'a':'1','b':'2'},'properties':{'p':'1'}}");

        client.patch("/experiments/e/runs/r", "{'tags':{'b':'3','c':'4'},'description':null,'hidden':true}");

        ObjectNode run = client.get("/runs/r").body();
        assertThat(run.path("tags")).isEqualTo(json("{'a':'1','b':'3','c':'4'}"));
        assertThat(run.path("properties")).isEqualTo(json("{'p':'1'}"));
        assertThat(run.path("displayName").asString()).isEqualTo("d");
        assertThat(run.path("hidden").asBoolean()).isTrue();
    }

    @Test
    void mergesSideBySideLoseNothing() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Answer>> answers = IntStream.range(0, 20)
                    .mapToObj(n -> threads.submit(
                            () -> client.patch("/experiments/e/runs/r", "{'tags':{'t%d':'x'}}".formatted(n))))
                    .toList();
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
            }
        }
        assertThat(client.get("/runs/r").body().path("tags").size()).isEqualTo(20);
    }

    @Test
    void tagsAreRemovedByADeleteWithABody() {
        client.patch("/experiments/e/runs/r", "{'tags':{'a':'1','b':'2'}}");

        Answer answer = client.delete("/experiments/e/runs/r/tags", "['a','unknown']");

        assertThat(answer.body().path("tags")).isEqualTo(json("{'b':'2'}"));
        assertThat(client.delete("/experiments/e/runs/r/tags", "{}").status()).isEqualTo(400);
    }

    @Test
    void eventsMoveARunThatNobodyExecutes() {
        client.patch("/experiments/e/runs/r", "{}");

        event("r", "Start", "{}");
        assertThat(status("r")).isEqualTo("Running");
        event("r", "Error", "{'ErrorResponse':{'error':{'code':'UserError','message':'my reason'}}}");
        event("r", "Failed", "{}");
        event("r", "Completed", "{}");

        ObjectNode run = client.get("/runs/r").body();
        assertThat(run.path("status").asString()).isEqualTo("Failed");
        assertThat(run.path("startTimeUtc").asString()).isEqualTo("2026-11-21T10:00:00Z");
        assertThat(run.path("endTimeUtc").asString()).isEqualTo("2026-11-21T10:00:00Z");
        JsonNode error = run.path("error").path("error");
        assertThat(error.path("message").asString()).isEqualTo("my reason");
        assertThat(error.path("details").isArray()).isTrue();
    }

    @Test
    void eventsDoNotMoveARunThatTheEngineExecutes() {
        JobId id = submit("job", Map.of());
        status(id, "Running", null);

        event("job", "Completed", "{}");
        client.patch("/experiments/e/runs/job", "{'status':'Failed','tags':{'a':'1'}}");

        assertThat(status("job")).isEqualTo("Running");
        status(id, "Failed", "exit code 3");
        ObjectNode details = client.get("/experiments/e/runs/job/details").body();
        assertThat(details.path("status").asString()).isEqualTo("Failed");
        assertThat(details.path("error").path("error").path("message").asString())
                .isEqualTo("exit code 3");
        assertThat(details.path("error").path("error").path("details").isArray())
                .isTrue();
        assertThat(details.path("runDefinition")).isEqualTo(json("{'script':'train.py'}"));
    }

    @Test
    void aSubmittedRunCanBeCancelledByWhoeverReadsIt() {
        submit("job", Map.of("owner", "me"));

        ObjectNode run = client.get("/experiments/e/runs/job").body();

        assertThat(run.path("cancelUri").asString())
                .isEqualTo("http://localhost/execution/v1.0%s/experiments/e/runId/job/cancel"
                        .formatted(workspace.armId()));
        assertThat(run.path("tags")).isEqualTo(json("{'owner':'me'}"));
        assertThat(run.path("scriptName").asString()).isEqualTo("train.py");
    }

    @Test
    void detailsNameTheLogs() throws Exception {
        JobId id = submit("job", Map.of());
        artifacts.keep(id.workspace(), "job", "user_logs/std_log.txt", InputStream.nullInputStream());
        artifacts.keep(id.workspace(), "job", "outputs/model.pkl", InputStream.nullInputStream());

        ObjectNode details = client.get("/runs/job/details").body();

        assertThat(details.path("logFiles"))
                .isEqualTo(json("{'user_logs/std_log.txt':'https://blobs/job/user_logs/std_log.txt?sas'}"));
    }

    @Test
    void childrenKnowTheirRoot() {
        client.patch("/experiments/e/runs/top", "{}");
        client.patch("/experiments/e/runs/middle", "{'parentRunId':'top'}");
        client.patch(
                "/experiments/e/batch/runs", "{'runs':[{'runId':'leaf','parentRunId':'middle'},{'runId':'../bad'}]}");

        assertThat(client.get("/runs/leaf").body().path("rootRunId").asString()).isEqualTo("top");
        assertThat(ids(client.get("/experiments/e/runs/top/children?$orderby=StartTimeUtc%20desc&$top=500")
                        .body()))
                .containsExactly("middle");
        assertThat(query("RootRunId eq top and RunId ne top")).containsExactlyInAnyOrder("middle", "leaf");
    }

    @Test
    void moreChildrenThanAPageAreFoundByTheirLink() {
        for (String child : List.of("a", "b", "c")) {
            client.patch("/experiments/e/runs/" + child, "{'parentRunId':'top'}");
        }
        client.patch("/experiments/e/runs/top", "{}");

        ObjectNode first = client.get("/runs/top/children?$top=2").body();
        String link = first.path("nextLink").asString();
        assertThat(ids(first)).hasSize(2);
        assertThat(link).contains("/runs/top/children?").contains("$top=2").contains("$continuationToken=2");
        ObjectNode last = client.get(link.substring(link.indexOf("/runs/top"))).body();
        assertThat(ids(last)).hasSize(1).doesNotContainAnyElementsOf(ids(first));
        assertThat(last.path("nextLink").isNull()).isTrue();
    }

    @Test
    void batchesTellWhichItemFailed() {
        Answer runsAnswer = client.patch("/experiments/e/batch/runs", "{'runs':[{'runId':'ok'},{'runId':'not ok'}]}");
        Answer eventsAnswer = client.post("/experiments/e/batch/events", """
                {"events":[{"name":"Microsoft.MachineLearning.Run.Start","data":{"RunId":"ok"}},
                           {"name":"Microsoft.MachineLearning.Run.Start","data":{"RunId":"absent"}}]}""");

        assertThat(runsAnswer.body().path("runs").propertyNames()).containsExactly("ok");
        assertThat(runsAnswer.body().path("errors").propertyNames()).containsExactly("not ok");
        assertThat(eventsAnswer.body().path("errors").size()).isEqualTo(1);
        assertThat(status("ok")).isEqualTo("Running");
    }

    @Test
    void pagesLeadOn() {
        for (int n = 0; n < 5; n++) {
            client.patch("/experiments/e/runs/r" + n, "{}");
        }
        ObjectNode first = client.post("/experiments/e/runs:query", "{'top':3,'orderby':'RunId asc'}")
                .body();
        ObjectNode second = client.post(
                        "/experiments/e/runs:query",
                        "{'top':3,'orderby':'RunId asc','continuationToken':'%s'}"
                                .formatted(first.path("continuationToken").asString()))
                .body();

        assertThat(ids(first)).containsExactly("r0", "r1", "r2");
        assertThat(ids(second)).containsExactly("r3", "r4");
        assertThat(second.path("continuationToken").isNull()).isTrue();
    }

    @Test
    void aClusterShowsItsActiveRuns() {
        JobId first = submit("first", Map.of());
        submit("second", Map.of());
        status(first, "Completed", null);

        assertThat(ids(client.get("/computes/CPU/runs?$top=500").body())).containsExactly("second");
    }

    @Test
    void theSameRunStandsUnderNameAndIdOfItsExperimentOnly() {
        String id = client.patch("/experiments/e/runs/r", "{}")
                .body()
                .path("experimentId")
                .asString();

        assertThat(client.get("/experimentids/" + id + "/runs/r").status()).isEqualTo(200);
        assertThat(client.get("/EXPERIMENTS/e/runs/r").status()).isEqualTo(200);
        assertThat(client.get("/experiments/other/runs/r").status()).isEqualTo(404);
        assertThat(client.patch("/experiments/other/runs/r", "{}").status()).isEqualTo(409);
        assertThat(client.patch("/experimentids/none/runs/new", "{}").status()).isEqualTo(404);
        assertThat(client.patch("/runs/new", "{}").status()).isEqualTo(404);
    }

    @Test
    void whatTheServiceWouldRefuseIsRefusedWhole() {
        String long1001 = "x".repeat(1_001);

        assertThat(client.patch("/experiments/e/runs/r", "{'tags':{'a':'%s'}}".formatted(long1001))
                        .status())
                .isEqualTo(400);
        assertThat(client.patch("/experiments/e/runs/r", "{'tags':{'a':{}}}").status())
                .isEqualTo(400);
        assertThat(client.patch("/experiments/e/runs/r", "{'status':'Great'}").status())
                .isEqualTo(400);
        assertThat(client.patch("/experiments/e/runs/r", "{'runId':'other'}").status())
                .isEqualTo(400);
        assertThat(client.patch("/experiments/-/runs/r", "{}").status()).isEqualTo(400);
        assertThat(client.get("/runs/r").status()).isEqualTo(404);
        assertThat(client.get("/experiments/e").status()).isEqualTo(404);
    }

    @Test
    void v2ReadsTheBundleOfARun() {
        submit("job", Map.of());

        ObjectNode data = client.post("/rundata", "{'runId':'job','selectRunMetadata':true}")
                .body();

        assertThat(data.path("runMetadata").path("runId").asString()).isEqualTo("job");
        assertThat(data.path("runMetadata").path("outputs").isObject()).isTrue();
        assertThat(data.path("runDefinition")).isEqualTo(json("{'script':'train.py'}"));
        assertThat(client.get("/runs/job/serviceinstances/0").body()).isEqualTo(json("{'instances':{}}"));
        assertThat(client.get("/runs/job/token").body().path("token").asString())
                .isEqualTo("token of job");
    }

    @Test
    void experimentsAreMadeFoundTaggedAndArchived() {
        assertThat(client.get("/experiments/new").status()).isEqualTo(404);
        String id =
                client.post("/experiments/new", "").body().path("experimentId").asString();
        client.patch("/experimentids/" + id, "{'tags':{'a':'1'},'archive':true}");
        client.post("/experiments/other", "");

        assertThat(client.post("/experiments/new", "")
                        .body()
                        .path("experimentId")
                        .asString())
                .isEqualTo(id);
        assertThat(names("{'viewType':'ActiveOnly'}")).containsExactly("other");
        assertThat(names("{'viewType':'ArchivedOnly'}")).containsExactly("new");
        assertThat(names("{'viewType':'All','filter':'(name eq new) and (Tags/a eq 1)'}"))
                .containsExactly("new");
        assertThat(client.delete("/experimentids/" + id, "").status()).isEqualTo(200);
        assertThat(client.get("/experimentids/" + id).status()).isEqualTo(404);
    }

    private List<String> names(String query) {
        return client.post("/experiments:query", query)
                .body()
                .path("value")
                .valueStream()
                .map(item -> item.path("name").asString())
                .toList();
    }

    private JobId submit(String runId, Map<String, String> tags) {
        JobId id = new JobId(workspace.id(), runId);
        RunSeed seed = new RunSeed(
                id,
                "e",
                Optional.empty(),
                Optional.of("shown"),
                Optional.empty(),
                "azureml.scriptrun",
                "cpu",
                "train.py",
                tags,
                Map.of(),
                json("{'script':'train.py'}"),
                "me");
        RunLimits.check(seed);
        transaction.executeWithoutResult(status -> records.insert(seed, HistoryFixture.NOW));
        assertThat(runs.find(workspace.id(), runId)).isPresent();
        return id;
    }

    private void status(JobId id, String status, @Nullable String error) {
        Writes writes = new Writes();
        writes.put(records.row(id, status, 1, HistoryFixture.NOW, HistoryFixture.NOW, error));
        journal.commit(writes, new Writes(), () -> {});
    }

    private void event(String runId, String name, String data) {
        Answer answer = client.post(
                "/experiments/e/runs/" + runId + "/events",
                "{'timestamp':'2026-11-21T10:00:00Z','name':'Microsoft.MachineLearning.Run.%s','data':%s}"
                        .formatted(name, data));
        assertThat(answer.status()).isEqualTo(200);
    }

    private String status(String runId) {
        return client.get("/runs/" + runId).body().path("status").asString();
    }

    private List<String> query(String filter) {
        return ids(client.post("/experiments/e/runs:query", "{'filter':'%s'}".formatted(filter))
                .body());
    }

    private static List<String> ids(ObjectNode page) {
        return page.path("value")
                .valueStream()
                .map(run -> run.path("runId").asString())
                .toList();
    }

    private static ObjectNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }
}
