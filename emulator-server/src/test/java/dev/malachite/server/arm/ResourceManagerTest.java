package dev.malachite.server.arm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.start.RunningServer;
import dev.malachite.server.start.RunningServer.Answer;
import dev.malachite.server.web.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Groups, workspaces, deployments and datastores over the wire; one subscription a test keeps them apart. What is
 * expected was seen with azureml-core 1.61, azure-ai-ml 1.35, the Go SDK and the Azure CLI (contracts of those clients).
 */
class ResourceManagerTest {

    private static final String VERSION = "?api-version=2024-04-01";
    private static final String HERE = "{\"location\":\"Korea Central\",\"tags\":{\"a\":\"b\"}}";

    @TempDir
    static Path data;

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start(data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void apiVersionIsADateAndOfTwoTheFirstCounts() {
        assertThat(server.get("/subscriptions").error()).isEqualTo("MissingApiVersionParameter");
        assertThat(server.get("/subscriptions?api-version=v1").error()).isEqualTo("InvalidApiVersionParameter");
        assertThat(server.get("/subscriptions?api-version=2099-01-01-preview").status())
                .isEqualTo(200);
        assertThat(server.get("/subscriptions?api-version=2018-01-01&api-version=x")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void subscriptionIsKnownOnceItIsNamed() {
        server.get("/subscriptions/00000000-0000-4000-8000-000000000010/resourcegroups" + VERSION);

        assertThat(ids(server.get("/subscriptions" + VERSION).json(), "subscriptionId"))
                .contains("00000000-0000-4000-8000-000000000010", "6d616c61-6368-4974-8000-000000000001");
    }

    @Test
    void subscriptionIsMadeKnownByTheControlApi() {
        String id = "0000000A-0000-4000-8000-000000000011";
        Answer named = know("{\"id\":\"%s\",\"name\":\"Team\"}".formatted(id));
        String fresh = know("{}").json().path("id").stringValue();

        assertThat(named.status()).isEqualTo(201);
        assertThat(ids(server.get("/subscriptions" + VERSION).json(), "subscriptionId"))
                .contains(id.toLowerCase(Locale.ROOT), fresh);
        assertThat(server.get("/subscriptions/" + id + VERSION)
                        .json()
                        .path("displayName")
                        .stringValue())
                .isEqualTo("Team");
        assertThat(know("{\"id\":\"%s\"}".formatted(id)).json().path("name").stringValue())
                .isEqualTo("Team");
        for (String wrong : List.of(
                "{\"id\":\"team\"}", "{\"id\":7}", "{\"name\":\"\"}", "{\"name\":\"" + "x".repeat(65) + "\"}")) {
            assertThat(know(wrong).status()).as(wrong).isEqualTo(400);
        }
    }

    private static Answer know(String body) {
        return server.sendTo(server.http() + "/_emulator/subscriptions", "POST", body);
    }

    @Test
    void groupHasAPlaceThatItKeeps() {
        String group = "/subscriptions/00000000-0000-4000-8000-000000000006/resourcegroups/Rg.1";

        assertThat(server.get(group + VERSION).error()).isEqualTo("ResourceGroupNotFound");
        assertThat(server.send("PUT", group + VERSION, "{}").error()).isEqualTo("LocationRequired");
        assertThat(server.send("PUT", group + VERSION, "{\"location\":\"atlantis\"}")
                        .error())
                .isEqualTo("LocationNotAvailableForResourceType");
        assertThat(server.send("PUT", group + VERSION, HERE).status()).isEqualTo(201);
        assertThat(server.send("PUT", group + VERSION, HERE).status()).isEqualTo(200);
        assertThat(server.send("PUT", group + VERSION, "{\"location\":\"eastus\"}")
                        .status())
                .isEqualTo(409);
        assertThat(server.send("HEAD", group.toLowerCase(Locale.ROOT) + VERSION, "")
                        .status())
                .isEqualTo(204);
        assertThat(server.get("/subscriptions/00000000-0000-4000-8000-000000000006/RESOURCEGROUPS/rg.1" + VERSION)
                        .json()
                        .path("name")
                        .stringValue())
                .isEqualTo("Rg.1");
        assertThat(server.send(
                                "PUT",
                                "/subscriptions/00000000-0000-4000-8000-000000000006/resourcegroups/end." + VERSION,
                                HERE)
                        .error())
                .isEqualTo("InvalidResourceName");
    }

    @Test
    void groupTakesItsWorkspacesWithIt() {
        String workspace = workspace("00000000-0000-4000-8000-000000000005", "w01");
        Answer deleted = server.send(
                "DELETE", "/subscriptions/00000000-0000-4000-8000-000000000005/resourcegroups/rg" + VERSION, "");

        assertThat(deleted.status()).isEqualTo(202);
        assertThat(server.sendTo(deleted.header("Location"), "GET", "", "Authorization", "Bearer " + server.token())
                        .status())
                .isEqualTo(200);
        assertThat(server.get("/subscriptions/00000000-0000-4000-8000-000000000005/operationresults/none")
                        .status())
                .isEqualTo(404);
        assertThat(server.get(workspace + VERSION).error()).isEqualTo("ResourceGroupNotFound");
    }

    @Test
    void workspaceIsNeverAnswered201AndKeepsWhatItWasGiven() {
        String workspace = workspace("00000000-0000-4000-8000-000000000007", "Ws-1");
        ObjectNode first = server.get(workspace + VERSION).json();

        Answer again = server.send(
                "PUT",
                workspace + VERSION,
                "{\"location\":\"koreacentral\",\"properties\":{\"odd\":{\"x\":null}},\"plan\":1}");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("plan").intValue()).isEqualTo(1);
        assertThat(again.json().path("properties").path("odd").path("x").isNull())
                .isTrue();
        assertThat(again.json().path("properties").path("workspaceId"))
                .isEqualTo(first.path("properties").path("workspaceId"));
        assertThat(again.json().path("identity")).isEqualTo(first.path("identity"));
        assertThat(server.send("PUT", workspace + VERSION, "{\"location\":\"eastus\"}")
                        .error())
                .isEqualTo("InvalidResourceLocation");
    }

    @Test
    void workspaceMadeAgainIsAnotherOne() {
        String workspace = workspace("00000000-0000-4000-8000-000000000001", "w01");
        JsonNode before =
                server.get(workspace + VERSION).json().path("properties").path("workspaceId");

        assertThat(server.send("DELETE", workspace + VERSION, "").status()).isEqualTo(200);
        assertThat(server.send("DELETE", workspace + VERSION, "").status()).isEqualTo(204);
        assertThat(server.get(workspace + VERSION).error()).isEqualTo("ResourceNotFound");
        server.send("PUT", workspace + VERSION, HERE);
        assertThat(server.get(workspace + VERSION).json().path("properties").path("workspaceId"))
                .isNotEqualTo(before);
    }

    @Test
    void patchMergesPropertiesAndReplacesTags() {
        String workspace = workspace("00000000-0000-4000-8000-000000000012", "w01");
        server.send("PATCH", workspace + VERSION, "{\"properties\":{\"description\":\"one\",\"friendlyName\":\"f\"}}");
        ObjectNode patched = server.send(
                        "PATCH",
                        workspace + VERSION,
                        "{\"tags\":{\"c\":\"d\"},\"properties\":{\"description\":\"two\"}}")
                .json();

        assertThat(patched.path("properties").path("description").stringValue()).isEqualTo("two");
        assertThat(patched.path("properties").path("friendlyName").stringValue())
                .isEqualTo("f");
        assertThat(patched.path("tags").propertyNames()).containsExactly("c");
    }

    @Test
    void badWorkspacesAreRefusedAndNothingIsKept() {
        String base =
                "/subscriptions/00000000-0000-4000-8000-000000000002/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/";

        assertThat(server.send("PUT", base + "w01" + VERSION, HERE).error()).isEqualTo("ResourceGroupNotFound");
        server.send("PUT", "/subscriptions/00000000-0000-4000-8000-000000000002/resourcegroups/rg" + VERSION, HERE);
        assertThat(server.send("PUT", base + "-w" + VERSION, HERE).error()).isEqualTo("InvalidResourceName");
        assertThat(server.send("PUT", base + "w01" + VERSION, "{\"location\":\"here\"}")
                        .error())
                .isEqualTo("LocationNotAvailableForResourceType");
        assertThat(server.send("PUT", base + "w01" + VERSION, "{}").error()).isEqualTo("LocationRequired");
        assertThat(server.send("PUT", base + "w01" + VERSION, "[1]").error()).isEqualTo("InvalidRequestContent");
        assertThat(server.send("PUT", base + "w01" + VERSION, "{\"location\":\"eastus\",\"tags\":[]}")
                        .error())
                .isEqualTo("InvalidRequestContent");
        assertThat(server.get("/subscriptions/00000000-0000-4000-8000-000000000002/resources" + VERSION)
                        .json()
                        .path("value")
                        .size())
                .isZero();
    }

    @Test
    void resourcesAreFiltered() {
        workspace("00000000-0000-4000-8000-000000000004", "w01");
        server.send("PUT", "/subscriptions/00000000-0000-4000-8000-000000000004/resourcegroups/two" + VERSION, HERE);
        server.send(
                "PUT",
                "/subscriptions/00000000-0000-4000-8000-000000000004/resourceGroups/two/providers/Microsoft.MachineLearningServices/workspaces/w02"
                        + VERSION,
                HERE);

        assertThat(found("resourceType eq 'Microsoft.MachineLearningServices/workspaces'"))
                .containsExactly("w01", "w02");
        assertThat(found("resourceGroup eq 'TWO' and resourceType eq 'microsoft.machinelearningservices/workspaces'"))
                .containsExactly("w02");
        assertThat(found("resourceType eq 'Microsoft.Storage/storageAccounts'")).isEmpty();
        assertThat(server.get("/subscriptions/00000000-0000-4000-8000-000000000004/resources" + VERSION
                                + "&$filter=rubbish")
                        .error())
                .isEqualTo("InvalidFilterInQueryString");
    }

    @Test
    void literalTemplateOfTheV1SdkMakesAWorkspace() {
        server.send("PUT", "/subscriptions/00000000-0000-4000-8000-000000000008/resourcegroups/rg" + VERSION, HERE);
        String deployment =
                "/subscriptions/00000000-0000-4000-8000-000000000008/resourcegroups/rg/providers/Microsoft.Resources/deployments/d";
        Answer put = server.send("PUT", deployment + "?api-version=2019-10-01", """
                {"properties":{"mode":"Incremental","parameters":{},"template":{"resources":[
                 {"type":"Microsoft.Storage/storageAccounts","name":"st1","location":"koreacentral"},
                 {"type":"Microsoft.MachineLearningServices/workspaces","name":"w01","location":"koreacentral",
                  "identity":{"type":"systemAssigned"},"properties":{"friendlyName":"w01"}}]}}}
                """);

        assertThat(put.status()).isEqualTo(201);
        assertThat(put.header("Retry-After")).isEqualTo("1");
        assertThat(put.json().path("properties").path("provisioningState").stringValue())
                .isEqualTo("Accepted");
        String operation = put.header("Azure-AsyncOperation");
        assertThat(operation).startsWith(server.https()).endsWith("?api-version=2019-10-01");
        assertThat(server.get(operation.substring(server.https().length()))
                        .json()
                        .path("status")
                        .stringValue())
                .isEqualTo("Succeeded");
        assertThat(server.get(deployment + "/operationStatuses/other").status()).isEqualTo(404);
        // The path without a provider segment is the one that both SDKs ask.
        JsonNode operations = server.get(
                        "/subscriptions/00000000-0000-4000-8000-000000000008/resourcegroups/rg/deployments/d/operations"
                                + VERSION)
                .json()
                .path("value");
        assertThat(operations.values().stream()
                        .map(item -> item.path("properties")
                                .path("targetResource")
                                .path("id")
                                .stringValue()))
                .contains(
                        "/subscriptions/00000000-0000-4000-8000-000000000008/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/w01");
        assertThat(server.get(
                                "/subscriptions/00000000-0000-4000-8000-000000000008/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/w01"
                                        + VERSION)
                        .json()
                        .path("identity")
                        .path("principalId")
                        .isString())
                .isTrue();
    }

    @Test
    void aCustomersOwnKeyIsKeptAsTheV2SdkNamesIt() {
        String group = "/subscriptions/00000000-0000-4000-8000-000000000077/resourcegroups/rg";
        server.send("PUT", group + VERSION, HERE);
        server.send("PUT", group + "/providers/Microsoft.Resources/deployments/d" + VERSION, """
                {"properties":{"mode":"Incremental","template":{"resources":[]},"parameters":{
                 "workspaceName":{"value":"w01"},"storageAccountOption":{"value":"none"},
                 "encryption_status":{"value":"Enabled"},"cmk_keyvault":{"value":"/vaults/v"},
                 "resource_cmk_uri":{"value":"https://v.vault.azure.net/keys/k/1"}}}}
                """);

        JsonNode encryption = server.get(
                        group + "/providers/Microsoft.MachineLearningServices/workspaces/w01" + VERSION)
                .json()
                .at("/properties/encryption");
        assertThat(encryption.path("status").asString()).isEqualTo("Enabled");
        assertThat(encryption.at("/keyVaultProperties/keyVaultArmId").asString())
                .isEqualTo("/vaults/v");
        assertThat(encryption.at("/keyVaultProperties/keyIdentifier").asString())
                .isEqualTo("https://v.vault.azure.net/keys/k/1");
    }

    @Test
    void templateInTheCommandLinesOwnNotationIsRead() {
        server.send("PUT", "/subscriptions/00000000-0000-4000-8000-000000000003/resourcegroups/rg" + VERSION, HERE);
        Answer put = server.send(
                "PUT",
                "/subscriptions/00000000-0000-4000-8000-000000000003/resourcegroups/rg/providers/Microsoft.Resources/deployments/d"
                        + VERSION,
                """
                {"properties":{"mode":"Incremental","parameters":{"n":{"value":"abc"}}, template: {
                 // a comment
                 "parameters":{"n":{"type":"string"}},
                 "resources":[{"type":"Microsoft.MachineLearningServices/workspaces",
                  "name":"[concat(parameters('n'), '-x')]","location":"[resourceGroup().location]"}]}}}
                """);

        assertThat(put.status()).isEqualTo(201);
        assertThat(ids(
                        server.get("/subscriptions/00000000-0000-4000-8000-000000000003/resources" + VERSION)
                                .json(),
                        "name"))
                .containsExactly("abc-x");
    }

    @Test
    void templateThatAsksForMoreIsRefusedAsAWhole() {
        server.send("PUT", "/subscriptions/00000000-0000-4000-8000-000000000009/resourcegroups/rg" + VERSION, HERE);
        String deployment =
                "/subscriptions/00000000-0000-4000-8000-000000000009/resourcegroups/rg/providers/Microsoft.Resources/deployments/d"
                        + VERSION;

        assertThat(server.send("PUT", deployment, "{}").error()).isEqualTo("InvalidTemplate");
        assertThat(server.send("PUT", deployment, """
                                {"properties":{"template":{"resources":[
                                 {"type":"Microsoft.MachineLearningServices/workspaces","name":"w01","location":"eastus"},
                                 {"type":"Microsoft.MachineLearningServices/workspaces/computes","name":"w01/c"}]}}}
                                """).error()).isEqualTo("InvalidTemplate");
        assertThat(server.get(deployment).error()).isEqualTo("DeploymentNotFound");
        assertThat(server.get("/subscriptions/00000000-0000-4000-8000-000000000009/resources" + VERSION)
                        .json()
                        .path("value")
                        .size())
                .isZero();
    }

    @Test
    void wrongMethodAndUnknownTypeSaySo() {
        String workspace = workspace("00000000-0000-4000-8000-000000000011", "w01");

        assertThat(server.send("POST", workspace + VERSION, "{}").status()).isEqualTo(405);
        assertThat(server.get(workspace + "/nothing" + VERSION).error()).isEqualTo("InvalidResourceType");
        assertThat(server.get(workspace + "x/datastores" + VERSION).error()).isEqualTo("ParentResourceNotFound");
    }

    @Test
    void answerIsJsonWhateverIsAccepted() {
        for (String accepted : new String[] {"text/plain", "application/xml", "rubbish"}) {
            Answer answer = server.sendTo(
                    server.https() + "/subscriptions" + VERSION,
                    "GET",
                    "",
                    "Authorization",
                    "Bearer " + server.token(),
                    "Accept",
                    accepted);

            assertThat(answer.status()).as(accepted).isEqualTo(200);
            assertThat(answer.header("Content-Type")).startsWith("application/json");
        }
    }

    @Test
    void datastoresAreSharedByBothSdksAndTellSecretsToWhoAsks() {
        String workspace = workspace("00000000-0000-4000-8000-000000000013", "w01");
        String v1 = "/datastore/v1.0" + workspace;
        assertThat(server.send("PUT", workspace + "/datastores/mine" + VERSION, """
                                {"properties":{"datastoreType":"AzureBlob","accountName":"acc","containerName":"con",
                                 "credentials":{"credentialsType":"AccountKey","secrets":{"secretsType":"AccountKey","key":"s3cret"}}}}
                                """)
                        .status())
                .isEqualTo(201);

        assertThat(server.get(workspace + "/datastores/MINE" + VERSION)
                        .response()
                        .body())
                .doesNotContain("s3cret");
        assertThat(server.get(workspace + "/datastores" + VERSION).response().body())
                .doesNotContain("s3cret")
                .contains("workspaceblobstore", "workspaceartifactstore");
        assertThat(server.send("POST", workspace + "/datastores/mine/listSecrets" + VERSION, "")
                        .json()
                        .path("key")
                        .stringValue())
                .isEqualTo("s3cret");
        assertThat(server.get(v1 + "/datastores/mine")
                        .json()
                        .path("azureStorageSection")
                        .path("accountKey")
                        .stringValue())
                .isEqualTo("s3cret");
        assertThat(server.get(v1 + "/datastores/mine?includeSecret=false")
                        .response()
                        .body())
                .doesNotContain("s3cret");

        assertThat(server.get(v1 + "/default").json().path("name").stringValue())
                .isEqualTo("workspaceblobstore");
        server.send("PUT", v1 + "/default/mine", "");
        assertThat(server.get(v1 + "/default").json().path("name").stringValue())
                .isEqualTo("mine");
        assertThat(server.send("DELETE", workspace + "/datastores/mine" + VERSION, "")
                        .status())
                .isEqualTo(200);
        assertThat(server.get(v1 + "/default").json().path("name").stringValue())
                .isEqualTo("workspaceblobstore");
        assertThat(server.send("DELETE", workspace + "/datastores/workspaceblobstore" + VERSION, "")
                        .status())
                .isEqualTo(409);
        assertThat(server.get(v1 + "/datastores/mine")
                        .json()
                        .path("error")
                        .path("details")
                        .isArray())
                .isTrue();
    }

    /** Makes a group and in it a workspace; its path. */
    private static String workspace(String subscription, String name) {
        server.send("PUT", "/subscriptions/" + subscription + "/resourcegroups/rg" + VERSION, HERE);
        String path = "/subscriptions/%s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/%s"
                .formatted(subscription, name);
        assertThat(server.send("PUT", path + VERSION, HERE).status()).isEqualTo(200);
        return path;
    }

    private static List<String> found(String filter) {
        String encoded = URLEncoder.encode(filter, StandardCharsets.UTF_8);
        return ids(
                server.get("/subscriptions/00000000-0000-4000-8000-000000000004/resources" + VERSION + "&$filter="
                                + encoded)
                        .json(),
                "name");
    }

    private static List<String> ids(ObjectNode list, String member) {
        return list.path("value").values().stream()
                .map(item -> Json.string(item, member).orElse(""))
                .toList();
    }
}
