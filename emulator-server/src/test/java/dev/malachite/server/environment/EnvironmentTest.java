package dev.malachite.server.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.run.Client;
import dev.malachite.server.run.Client.Answer;
import dev.malachite.server.run.HistoryFixture;
import dev.malachite.server.run.HistoryTest;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.workspace.Workspace;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import tools.jackson.databind.JsonNode;

/** Environments of both SDKs: contracts sdk-v1 (7) and sdk-v2 (7). */
@HistoryTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class EnvironmentTest {

    private static final String V1 = """
            {'Name':'env','python':{'userManagedDependencies':false,'condaDependencies':
              {'dependencies':['python=3.8.13',{'pip':['numpy==1.21']}]}},
             'EnvironmentVariables':{'A':'B'},'Docker':{'baseImage':'%s'},'Spark':{'packages':[]}}""";

    private static final String V2 =
            "{'properties':{'image':'img:1','condaFile':'dependencies:\\n- python=3.10\\n','tags':null,'x':1}}";

    private final Workspace workspace = HistoryFixture.workspace();
    private final EnvironmentReader reader;
    private final Client v1;
    private final Client v2;

    EnvironmentTest(MockMvcTester mvc, EnvironmentReader reader) {
        this.reader = reader;
        this.v1 = new Client(mvc, "/environment/v1.0" + workspace.armId() + "/environments");
        this.v2 = new Client(mvc, workspace.armId() + "/environments");
    }

    @Test
    void theSameContentIsTheSameVersion() {
        JsonNode first = v1.put("/env", V1.formatted("a")).body();
        JsonNode again = v1.put("/env", V1.formatted("a")).body();
        JsonNode other = v1.put("/env", V1.formatted("b")).body();

        assertThat(first.path("version").asString()).isEqualTo("1");
        assertThat(again.path("version").asString()).isEqualTo("1");
        assertThat(other.path("version").asString()).isEqualTo("2");
        assertThat(v1.get("/env").body().path("docker").path("baseImage").asString())
                .isEqualTo("b");
        assertThat(v1.get("/env/versions/1")
                        .body()
                        .path("environmentVariables")
                        .path("A")
                        .asString())
                .isEqualTo("B");
        assertThat(registered(v1.get("/").body())).isEqualTo(1);
        assertThat(v1.get("/env/versions/1/image")
                        .body()
                        .path("imageExistsInRegistry")
                        .asBoolean())
                .isTrue();
        assertThat(v1.get("/none").status()).isEqualTo(404);
    }

    @Test
    void aVersionIsCreatedOnceAndItsContentStays() {
        Answer created = v2.put("/e/versions/7", V2);
        Answer again = v2.put("/e/versions/7", V2);
        Answer changed = v2.put("/e/versions/7", "{'properties':{'image':'other'}}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body().path("id").asString()).isEqualTo(workspace.armId() + "/environments/e/versions/7");
        assertThat(created.body().path("properties").path("tags").isObject()).isTrue();
        assertThat(created.body().path("properties").path("x").asInt()).isEqualTo(1);
        assertThat(again.status()).isEqualTo(200);
        assertThat(changed.status()).isEqualTo(409);
        assertThat(changed.body().path("error").path("code").asString()).isEqualTo("Conflict");
    }

    @Test
    void theContainerKnowsLatestAndNextVersion() {
        assertThat(v2.get("/e").status()).isEqualTo(404);
        v2.put("/e/versions/3", V2);
        v2.put("/e/versions/beta", V2);

        JsonNode container = v2.get("/e").body().path("properties");

        assertThat(container.path("latestVersion").asString()).isEqualTo("beta");
        assertThat(container.path("nextVersion").asString()).isEqualTo("4");
        assertThat(v2.get("/e/versions?$orderBy=createdtime%20desc&$top=1")
                        .body()
                        .path("value")
                        .path(0)
                        .path("name")
                        .asString())
                .isEqualTo("beta");
    }

    @Test
    void archivingSendsBackWhatWasRead() {
        v2.put("/e/versions/1", V2);
        String read = v2.get("/e/versions/1").body().toString().replace("\"isArchived\":false", "\"isArchived\":true");

        assertThat(v2.put("/e/versions/1", read).status()).isEqualTo(200);
        assertThat(v2.get("/e/versions?listViewType=ActiveOnly")
                        .body()
                        .path("value")
                        .size())
                .isZero();
        assertThat(v2.get("/e/versions?listViewType=ArchivedOnly")
                        .body()
                        .path("value")
                        .size())
                .isEqualTo(1);
        assertThat(v2.put("/e", "{'properties':{'isArchived':true}}").status()).isEqualTo(200);
        assertThat(registered(v2.get("?listViewType=ActiveOnly").body())).isZero();
        assertThat(v2.get("?listViewType=Sometimes").status()).isEqualTo(400);
    }

    @Test
    void curatedOnesAreListedAndFoundByAnyNameOfThatForm() {
        JsonNode listed = v2.get("").body().path("value");
        assertThat(listed.valueStream().map(each -> each.path("name").asString()))
                .contains("AzureML-Minimal");
        JsonNode found = v2.get("/AzureML-any-name/versions/12").body();
        assertThat(found.path("name").asString()).isEqualTo("12");
        assertThat(found.at("/properties/environmentType").asString()).isEqualTo("Curated");
        assertThat(found.at("/properties/image").asString()).isEqualTo("AzureML-any-name");
        // Documents print these of each that begins with AzureML.
        assertThat(v1.get("/AzureML-Minimal")
                        .body()
                        .at("/python/condaDependencies")
                        .isObject())
                .isTrue();
    }

    /** Without those that nobody registers. */
    private static long registered(JsonNode list) {
        return list.path("value")
                .valueStream()
                .filter(each -> !each.path("name").asString().startsWith("AzureML-"))
                .count();
    }

    @Test
    void longListsLeadOn() {
        for (int n = 1; n <= 101; n++) {
            v2.put("/many/versions/" + n, V2);
        }
        JsonNode first = v2.get("/many/versions").body();

        assertThat(first.path("value").size()).isEqualTo(100);
        assertThat(first.path("nextLink").asString())
                .isEqualTo("http://localhost" + workspace.armId() + "/environments/many/versions?$skip=100");
        assertThat(v2.get("/many/versions?$skip=100").body().path("value").size())
                .isEqualTo(1);
    }

    @Test
    void eachSdkReadsTheOthers() {
        v1.put("/one", V1.formatted("img"));
        v2.put("/two/versions/1", V2);

        JsonNode asV2 = v2.get("/one/versions/1").body().path("properties");
        JsonNode asV1 = v1.get("/two").body();

        assertThat(asV2.path("image").asString()).isEqualTo("img");
        assertThat(asV2.path("condaFile").asString())
                .contains("- python=3.8.13")
                .contains("- numpy==1.21");
        assertThat(asV1.path("docker").path("baseImage").asString()).isEqualTo("img:1");
        assertThat(asV1.path("python")
                        .path("condaDependencies")
                        .path("dependencies")
                        .path(0)
                        .asString())
                .isEqualTo("python=3.10");
    }

    @Test
    void badOnesAreRefused() {
        assertThat(v1.put("/AzureML-mine", V1).status()).isEqualTo(400);
        assertThat(v2.put("/bad%20name/versions/1", V2).status()).isEqualTo(400);
        assertThat(v2.put("/e/versions/1", "{}").status()).isEqualTo(400);
        assertThat(v2.get("/e").status()).isEqualTo(404);
    }

    @Test
    void aJobsEnvironmentIsFoundByEveryFormOfItsId() {
        v2.put("/e/versions/1", V2);
        v2.put("/e/versions/2", V2.replace("img:1", "img:2"));
        List<String> ones = List.of(
                workspace.armId() + "/environments/e/versions/1",
                "azureml:" + workspace.armId() + "/environments/e/versions/1",
                "azureml:e:1",
                "e:1");

        assertThat(ones).allSatisfy(id -> assertThat(resolve(id).baseImage()).isEqualTo("img:1"));
        assertThat(resolve("azureml:e@latest").baseImage()).isEqualTo("img:2");
        assertThat(resolve("azureml:AzureML-sklearn@latest").baseImage()).isEqualTo("AzureML-sklearn");
        assertThat(resolve("azureml://registries/azureml/environments/sklearn-1.5/versions/1")
                        .baseImage())
                .isEqualTo("AzureML-sklearn-1.5");
        assertThat(resolve("e:1").pythonVersion()).isEqualTo(Optional.of("3.10"));
        assertThatExceptionOfType(AzureException.class)
                .isThrownBy(() -> resolve("azureml:none:1"))
                .withMessageContaining("does not exist");
    }

    private ImageDefinition resolve(String id) {
        return reader.resolve(workspace.id(), id, RuntimeKind.DOCKER);
    }
}
