package dev.malachite.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.run.Client.Answer;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** Filters as azureml-core 1.61 writes them (its {@code _odata} package), and plain OData. */
@HistoryTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class RunFilterTest {

    private final Client client;

    RunFilterTest(MockMvcTester mvc) {
        Workspace workspace = HistoryFixture.workspace();
        this.client = new Client(mvc, "/history/v1.0" + workspace.armId());
    }

    @BeforeEach
    void threeRuns() {
        client.patch(
                "/experiments/e/runs/a",
                "{'status':'Running','runType':'azureml.scriptrun','target':'Cpu','tags':{'owner':'me','flag':null}}");
        client.patch(
                "/experiments/e/runs/b",
                "{'parentRunId':'a','tags':{'owner':'you','my tag':'x'},'properties':{'azureml.runsource':'hyperdrive'}}");
        client.patch(
                "/experiments/e/runs/c",
                "{'status':'Completed','hidden':true,'tags':{'note':'owner:me','per%':'1_0'}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
                    (ParentRunId eq null)                                      | a c
                    ParentRunId ne null                                        | b
                    ParentRunId eq a                                           | b
                    ParentRunId ne "zzz"                                       | a b c
                    not (ParentRunId eq a)                                     | a c
                    (Status eq Running)                                        | a
                    Status eq 'Running' or Status eq 'Completed'               | a c
                    Status ne Running and Hidden eq false                      | b
                    Hidden eq true                                             | c
                    (RunType eq hyperdrive or Properties/azureml.runsource eq hyperdrive) | b
                    (Tags/owner eq "me")                                       | a
                    Tags/owner eq me                                           | a
                    Tags/owner ne me                                           | b
                    not (Tags/owner eq me)                                     | b c
                    (Tags/flag ne null or Tags/flag eq null)                   | a
                    (Tags/owner ne null or Tags/owner eq null)                 | a b
                    Tags/flag eq null                                          | a
                    Tags/my tag eq x                                           | b
                    Tags/per% eq 1_0                                           | c
                    Tags/per_ eq 1_0                                           | -
                    (Target eq cpu)                                            | a
                    (CreatedUtc ge 2026-11-21 09:00:00)                        | a b c
                    CreatedUtc gt 2026-11-21T10:00:00+00:00                    | -
                    CreatedUtc lt '2026-11-22'                                 | a b c
                    StartTimeUtc eq null                                       | b c
                    RunNumber le 2                                             | a b
                    RunId eq a or RunId eq b or RunId eq d                     | a b
                    RunId eq a and RunId eq b or RunId eq c                    | c
                    RunId eq a and (RunId eq b or RunId eq a)                  | a
                    NOT NOT (runid EQ a)                                       | a
                    RunId eq 'it''s'                                           | -
                    ``                                                         | a b c
                    """)
    void finds(String filter, String expected) {
        Answer answer = client.post("/experiments/e/runs:query", body(filter));

        assertThat(answer.status()).isEqualTo(200);
        List<String> found = answer.body()
                .path("value")
                .valueStream()
                .map(run -> run.path("runId").asString())
                .sorted()
                .toList();
        assertThat(found).isEqualTo(expected == null ? List.of() : Arrays.asList(expected.split(" ", -1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Status",
                "Status eq",
                "eq Running",
                "(Status eq Running",
                "Status eq Running)",
                "Status eq Running Status eq x and",
                "Status like Running",
                "Status eq 'Running",
                "Colour eq red",
                "RunNumber eq one",
                "CreatedUtc gt yesterday",
                "Hidden eq perhaps",
                "Status gt null",
                "Tags/a gt 1",
                "workspaceId",
                "((((((((((((((((((((((((((((((((((((RunId eq a))))))))))))))))))))))))))))))))))))"
            })
    void refuses(String filter) {
        Answer answer = client.post("/experiments/e/runs:query", body(filter));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("error").path("code").asString()).isEqualTo("UserError");
        assertThat(answer.body().path("error").path("details").isArray()).isTrue();
    }

    @Test
    void aFilterCannotLookIntoAnotherWorkspace() {
        Answer answer = client.post("/runs:query", body("WorkspaceId ne 'x' or RunId ne 'x'"));

        assertThat(answer.body().path("value").size()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"'StartTimeUtc desc', b", "'StartTimeUtc asc', a", "'RunId', a", "'RunId desc', c"})
    void sorts(String order, String first) {
        Answer answer =
                client.post("/experiments/e/runs:query", Json.text(Json.object().put("orderby", order)));

        assertThat(answer.body().path("value").path(0).path("runId").asString()).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'orderby':'RunId sideways'}",
                "{'orderby':'Colour'}",
                "{'top':0}",
                "{'continuationToken':'x'}",
                "{'continuationToken':'-1'}"
            })
    void refusesAskingForNonsense(String body) {
        assertThat(client.post("/experiments/e/runs:query", body).status()).isEqualTo(400);
    }

    private static String body(String filter) {
        // As a JSON escape, because the client turns single quotes into double ones.
        return Json.text(Json.object().put("filter", filter)).replace("'", "\\u0027");
    }
}
