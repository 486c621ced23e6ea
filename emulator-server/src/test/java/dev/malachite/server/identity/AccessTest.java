package dev.malachite.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.runtime.FreePorts;
import dev.malachite.server.start.GatewayListener;
import dev.malachite.server.start.RunningServer;
import dev.malachite.server.start.RunningServer.Answer;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.WorkspaceRef;
import dev.malachite.server.workspace.Workspaces;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Which listener lets whom in, seen from outside. */
class AccessTest {

    private static final String SUBSCRIPTIONS = "/subscriptions?api-version=2022-12-01";
    private static final WorkspaceRef WORKSPACE =
            new WorkspaceRef("00000000-0000-4000-8000-000000000001", "g", "w-access");

    @TempDir
    static Path data;

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start(data);
        server.send(
                "PUT",
                "/subscriptions/00000000-0000-4000-8000-000000000001/resourcegroups/g?api-version=2021-04-01",
                "{\"location\":\"koreacentral\"}");
        assertThat(server.send("PUT", WORKSPACE.armId() + "?api-version=2024-04-01", "{\"location\":\"koreacentral\"}")
                        .status())
                .isEqualTo(200);
        assertThat(server.send("PATCH", run("r1"), "{}").status()).isEqualTo(200);
    }

    private static String run(String id) {
        return "/history/v1.0" + WORKSPACE.armId() + "/experiments/e/runs/" + id;
    }

    private static String runToken(String run) {
        WorkspaceId id = server.bean(Workspaces.class).require(WORKSPACE).id();
        return server.bean(Tokens.class).runToken(WORKSPACE, id, run, Duration.ofHours(1));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void tokenIsNeededAndMustBeWholeAndFresh() {
        String expired = jwt("{\"exp\":1}");

        assertThat(server.sendTo(server.https() + SUBSCRIPTIONS, "GET", "").error())
                .isEqualTo("AuthenticationFailed");
        assertThat(with(server.https(), "a.b").error()).isEqualTo("InvalidAuthenticationToken");
        assertThat(with(server.https(), expired).error()).isEqualTo("ExpiredAuthenticationToken");
        assertThat(with(server.https(), jwt("{\"exp\":99999999999}")).status()).isEqualTo(200);
    }

    /** Routing folds paths by the character; what the guards do not know it must not know either. */
    @Test
    void noSpellingOfAPathGetsPastTheToken() {
        String history = "/history/v1.0" + WORKSPACE.armId() + "/experiments/e/runs/r";
        String datastore = "/datastore/v1.0" + WORKSPACE.armId() + "/default";
        for (String path : List.of("/subscriptions", WORKSPACE.armId(), history, datastore)) {
            String first = path.substring(1, path.indexOf('/', 1) < 0 ? path.length() : path.indexOf('/', 1));
            for (int i = 0; i < first.length(); i++) {
                for (String other : lookalikes(first.charAt(i))) {
                    String spelled = first.substring(0, i) + other + first.substring(i + 1);
                    String url = server.https() + "/" + spelled + path.substring(first.length() + 1);
                    assertThat(server.sendTo(url + "?api-version=2024-04-01", "GET", "")
                                    .status())
                            .as(url)
                            .isIn(401, 404);
                }
            }
        }
        assertThat(server.get("/kn%C3%B6wn/by/nobody").status()).isEqualTo(404);
    }

    /** Every other character that some folding takes for this one, percent-encoded. */
    private static List<String> lookalikes(char letter) {
        return IntStream.rangeClosed(0, Character.MAX_VALUE)
                .filter(c -> c != letter && !Character.isSurrogate((char) c))
                .mapToObj(c -> String.valueOf((char) c))
                .filter(text -> text.equalsIgnoreCase(String.valueOf(letter))
                        || text.toLowerCase(Locale.ROOT).indexOf(letter) >= 0
                        || text.toUpperCase(Locale.ROOT).indexOf(Character.toUpperCase(letter)) >= 0)
                .map(text -> URLEncoder.encode(text, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void plainHttpServesNothingThatBearsATokenButManagedIdentity() {
        assertThat(with(server.http(), server.token()).status()).isEqualTo(403);
        assertThat(server.sendTo(server.http() + "/_emulator/health", "GET", "").status())
                .isEqualTo(200);
        assertThat(server.sendTo(server.http() + "/msi/token?resource=r", "GET", "", "Metadata", "true")
                        .json()
                        .path("expires_on")
                        .isString())
                .isTrue();
        assertThat(server.sendTo(server.http() + "/msi/token?resource=r", "GET", "")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void signaturesAreTakenOverHttpsOnly() {
        String blob = "/malachite/c/b?sv=2021-08-06&sr=b&sp=r&sig=x";

        assertThat(server.sendTo(server.https() + blob, "GET", "").header("x-ms-error-code"))
                .isEqualTo("AuthenticationFailed");
        Answer refused = server.sendTo(server.http() + blob, "GET", "");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.response().body()).contains("<Code>AccountRequiresHttps</Code>");
    }

    @Test
    void foreignPagesCannotPost() {
        Answer answer = server.sendTo(server.http() + "/_emulator/reset", "POST", "", "Origin", "https://example.com");

        assertThat(answer.status()).isEqualTo(403);
    }

    @Test
    void foreignPagesCannotHaveTheirReadersBrowserAskEither() {
        String env = server.http() + "/_emulator/env";
        assertThat(server.sendTo(env, "GET", "", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors")
                        .status())
                .isEqualTo(403);
        assertThat(server.sendTo(env, "GET", "", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate")
                        .status())
                .as("a link that is followed")
                .isEqualTo(200);
        assertThat(server.sendTo(env, "GET", "", "Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "cors")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void forgedRunTokenIsRefusedWhereAnyOtherTokenIsTaken() {
        assertThat(with(server.https(), jwt("{\"malachite_run\":\"r1\",\"malachite_workspace\":\"x\"}"))
                        .error())
                .isEqualTo("InvalidAuthenticationToken");
    }

    @Test
    void gatewayTakesRunTokensAndNothingElse() {
        int port = server.bean(GatewayListener.class).open("127.0.0.2");
        takesRunTokensAndNothingElse("https://127.0.0.2:" + port);
    }

    @Test
    void onAnAddressOfEverybodysAGatewayIsToldByItsPort() throws IOException {
        int port = FreePorts.any();
        server.bean(GatewayListener.class).open("127.0.0.1", port);
        takesRunTokensAndNothingElse("https://127.0.0.1:" + port);
        assertThat(raw(server.https() + "/rp/workspaces" + WORKSPACE.armId(), server.token()))
                .isEqualTo(200);
    }

    private static void takesRunTokensAndNothingElse(String gateway) {
        String run = runToken("r1");
        String read = gateway + "/rp/workspaces" + WORKSPACE.armId();

        assertThat(raw(read, run)).isEqualTo(200);
        assertThat(raw(read, server.token())).isEqualTo(401);
        assertThat(raw(gateway + WORKSPACE.armId() + "?api-version=2024-04-01", run))
                .isEqualTo(200);
        assertThat(raw(gateway + WORKSPACE.armId() + "?api-version=2024-04-01", server.token()))
                .isEqualTo(401);
        assertThat(raw(gateway + SUBSCRIPTIONS, run)).isEqualTo(403);
        assertThat(raw(gateway + "/_emulator/health", run)).isEqualTo(403);
        assertThat(raw(gateway + "/", run)).isEqualTo(403);
        assertThat(raw(gateway + "/t/oauth2/token", run)).isEqualTo(403);
        assertThat(raw(gateway + "/discovery", run)).isEqualTo(200);
    }

    @Test
    void tokensOfRunsThatAreGoneAreRefused() {
        String gone = runToken("gone");
        String ofAnother =
                server.bean(Tokens.class).runToken(WORKSPACE, new WorkspaceId("old"), "r1", Duration.ofHours(1));

        assertThat(raw(server.https() + run("r1"), gone)).isEqualTo(401);
        assertThat(raw(server.https() + run("r1"), ofAnother)).isEqualTo(401);
        assertThat(raw(server.https() + run("r1"), runToken("r1"))).isEqualTo(200);
        assertThat(server.sendTo(server.http() + "/msi/token?resource=r", "GET", "", "X-IDENTITY-HEADER", gone)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void jobMakesChildrenOfItsOwnOnly() {
        server.send("PATCH", run("stranger"), "{}");

        assertThat(job("PATCH", run("c0"), "{}")).isEqualTo(403);
        assertThat(job("PATCH", run("c0"), "{\"parentRunId\":\"stranger\"}")).isEqualTo(403);
        assertThat(job("PATCH", run("stranger"), "{\"parentRunId\":\"r1\"}")).isEqualTo(403);
        assertThat(job("PATCH", run("c1"), "{\"parentRunId\":\"r1\"}")).isEqualTo(200);
        assertThat(job("POST", run("c1") + "/events", "{\"name\":\"Microsoft.MachineLearning.Run.Start\"}"))
                .isLessThan(300);
        assertThat(job("GET", run("c1") + "/token", "")).isEqualTo(403);
        assertThat(job("GET", run("r1") + "/token", "")).isEqualTo(200);
        String data = "/history/v1.0" + WORKSPACE.armId() + "/rundata";
        assertThat(job("POST", data, "{\"runId\":\"stranger\"}")).as("reading").isEqualTo(200);
        assertThat(job("POST", run("r1") + "/rundata", "{\"runId\":\"stranger\"}"))
                .isEqualTo(400);
    }

    @Test
    void jobGetsTheContainerAndNeverTheKey() {
        String stores = "/datastore/v1.0" + WORKSPACE.armId() + "/datastores/workspaceblobstore";
        ObjectNode user = Json.objectAt(server.get(stores).json(), "azureStorageSection");
        ObjectNode job = Json.objectAt(
                server.sendTo(server.https() + stores, "GET", "", "Authorization", "Bearer " + runToken("r1"))
                        .json(),
                "azureStorageSection");

        assertThat(user.path("credentialType").stringValue()).isEqualTo("AccountKey");
        assertThat(job.path("credentialType").stringValue()).isEqualTo("Sas");
        assertThat(job.path("sasToken").stringValue()).contains("sr=c", "sig=");
        assertThat(job.toString()).doesNotContain(user.path("credential").stringValue());
    }

    @Test
    void jobReadsItsWorkspaceThroughResourceManagerAndChangesOnlyAssets() {
        String arm = WORKSPACE.armId();
        String version = "?api-version=2024-04-01";

        assertThat(job("GET", arm + "/datastores" + version, "")).isEqualTo(200);
        assertThat(job("POST", arm + "/datastores/workspaceblobstore/listSecrets" + version, "{}"))
                .isEqualTo(200);
        assertThat(job("PUT", arm + "/codes/c/versions/1" + version, "{}")).isEqualTo(400);
        assertThat(job("PUT", arm + "/jobs/j" + version, "{}")).isEqualTo(403);
        assertThat(job("PUT", arm + version, "{}")).isEqualTo(403);
        assertThat(job("POST", arm + "/jobs/r1/cancel" + version, "{}")).isEqualTo(403);
        assertThat(job("POST", arm + "/listKeys" + version, "{}")).isEqualTo(403);
        assertThat(job("DELETE", arm + "/computes/c" + version + "&underlyingResourceAction=Delete", ""))
                .isEqualTo(403);
    }

    private static int job(String method, String path, String body) {
        return server.sendTo(server.https() + path, method, body, "Authorization", "Bearer " + runToken("r1"))
                .status();
    }

    @Test
    void jobGetsItsOwnIdentityAndNoOther() {
        String run = runToken("r1");
        Answer answer = server.sendTo(
                server.http() + "/msi/token?resource=https://storage.azure.com/", "GET", "", "X-IDENTITY-HEADER", run);

        String token = answer.json().path("access_token").stringValue();
        assertThat(server.bean(Tokens.class).verifyRun(token).orElseThrow().runId())
                .isEqualTo("r1");
        assertThat(with(server.https(), token).status()).isEqualTo(403);
    }

    @Test
    void signInAnswersEveryFormOfAuthority() {
        for (String authority : new String[] {"/adfs/tenants/t", "/adfs/t", "/t"}) {
            String configuration = server.https() + authority + "/.well-known/openid-configuration";
            String endpoint = server.sendTo(configuration, "GET", "")
                    .json()
                    .path("token_endpoint")
                    .stringValue();
            Answer token = server.sendTo(
                    endpoint,
                    "POST",
                    "grant_type=client_credentials&client_id=a&client_secret=b&scope=openid+https%3A%2F%2Fr%2F%2F.default",
                    "Content-Type",
                    "application/x-www-form-urlencoded");

            Jwt jwt =
                    Jwt.decode(token.json().path("access_token").stringValue()).orElseThrow();
            assertThat(jwt.claims().path("aud").stringValue()).isEqualTo("https://r");
        }
    }

    @Test
    void namesAndPasswordsGetAnIdTokenAndARefreshToken() {
        String tenant = "11111111-2222-3333-4444-555555555555";
        Answer answer = server.sendTo(
                server.https() + "/" + tenant + "/oauth2/v2.0/token",
                "POST",
                "grant_type=password&client_id=a&username=u%40x&password=p&scope=https%3A%2F%2Fr%2F.default",
                "Content-Type",
                "application/x-www-form-urlencoded");

        assertThat(answer.json().propertyNames()).contains("id_token", "client_info", "refresh_token", "access_token");
        assertThat(Jwt.decode(answer.json().path("access_token").stringValue())
                        .orElseThrow()
                        .string("tid", ""))
                .isEqualTo(tenant);
    }

    @Test
    void badSignInsNameTheirReason() {
        Map<String, String> reasons = Map.of(
                "grant_type=client_credentials&client_id=a&scope=x", "AADSTS7000216",
                "grant_type=device", "AADSTS70003",
                "client_id=a", "AADSTS900144");
        reasons.forEach((body, code) -> assertThat(server.sendTo(
                                server.https() + "/t/oauth2/v2.0/token",
                                "POST",
                                body,
                                "Content-Type",
                                "application/x-www-form-urlencoded")
                        .json()
                        .path("error_description")
                        .stringValue())
                .startsWith(code));
    }

    private static Answer with(String base, String token) {
        return server.sendTo(base + SUBSCRIPTIONS, "GET", "", "Authorization", "Bearer " + token);
    }

    private static int raw(String url, String token) {
        return server.sendTo(url, "GET", "", "Authorization", "Bearer " + token).status();
    }

    private static String jwt(String claims) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        byte[] header = "{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8);
        return encoder.encodeToString(header)
                + "."
                + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".x";
    }
}
