package dev.malachite.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.artifact.Artifacts;
import dev.malachite.server.start.RunningServer;
import dev.malachite.server.start.RunningServer.Answer;
import dev.malachite.server.workspace.WorkspaceRef;
import dev.malachite.server.workspace.Workspaces;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page is made of and lives on, as a browser gets it. */
class PageTest {

    private static final WorkspaceRef WORKSPACE = new WorkspaceRef("00000000-0000-4000-8000-000000000001", "g", "w-page");
    private static final String RUNS = "/history/v1.0" + WORKSPACE.armId() + "/experiments/e/runs/";

    @TempDir
    static Path data;

    private static RunningServer server;
    private static WorkspaceId workspace;

    @BeforeAll
    static void start() {
        server = RunningServer.start(data);
        String place = "{\"location\":\"koreacentral\"}";
        server.send("PUT", "/subscriptions/00000000-0000-4000-8000-000000000001/resourcegroups/g?api-version=2021-04-01", place);
        server.send("PUT", WORKSPACE.armId() + "?api-version=2024-04-01", place);
        workspace =
                server.bean(Workspaces.class).find(WORKSPACE).map(it -> it.id()).orElseThrow();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void nothingButOurOwnFilesMayRun() {
        Answer page = get("/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy"))
                .startsWith("default-src 'self';")
                .doesNotContain("unsafe");
        assertThat(page.response().body()).doesNotContain("http:", "https:", "style=", "onclick");
    }

    @Test
    void everyFileThatThePageNamesIsThere() {
        List<String> open = new ArrayList<>(List.of("/"));
        for (int i = 0; i < open.size(); i++) {
            Answer file = get(open.get(i));
            assertThat(file.status()).as(open.get(i)).isEqualTo(200);
            assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
            Matcher name = Pattern.compile("\"(?:/ui/|\\./)([\\w.]+)\"")
                    .matcher(file.response().body());
            while (name.find()) {
                if (!open.contains("/ui/" + name.group(1))) {
                    open.add("/ui/" + name.group(1));
                }
            }
        }
        assertThat(open).contains("/ui/main.js", "/ui/stream.js", "/ui/page.css", "/ui/icon.svg");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ui/nope.js", "/ui/..%2fapplication.properties", "/ui/%2e%2e/vm-sizes.csv", "/ui/"})
    void noOtherFileCanBeReached(String path) {
        assertThat(get(path).status()).isEqualTo(404);
    }

    @Test
    void runTellsWhatIsKnownOfIt() throws IOException {
        begin("told");
        print("told", "Grüße\n");

        Answer run = get(path("told"));
        assertThat(run.json().path("displayName").stringValue()).isEqualTo("<b>told</b>");
        assertThat(run.json().path("status").stringValue()).isEqualTo("Running");
        assertThat(run.json().path("files").path(0).stringValue()).isEqualTo("user_logs/std_log.txt");
        Answer log = get(path("told") + "/log?from=2");
        assertThat(log.response().body()).isEqualTo("üße\n");
        assertThat(log.header("X-Log-Length")).isEqualTo("8");
    }

    @Test
    void fileIsHandedOverButNeverShownInPlace() throws IOException {
        begin("page-as-output");
        Path file = server.bean(Artifacts.class).logFile(workspace, "page-as-output", "outputs/evil.html");
        Files.writeString(file, "<script>alert(1)</script>");

        Answer answer = get(path("page-as-output") + "/file?path=outputs/evil.html");

        assertThat(answer.header("Content-Disposition")).startsWith("attachment");
        assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(answer.header("Content-Security-Policy")).contains("sandbox");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/log?from=-1",
                "/log?from=x",
                "/log?file=../../secret",
                "/file?path=nope",
                "/file?path=..%2F..%2Fx",
                "/file?path=",
                "/file",
                "/log/follow?file=nope"
            })
    void badQuestionIsTheAskersMistake(String question) {
        begin("asked");

        assertThat(get(path("asked") + question).status()).isBetween(400, 404);
    }

    @Test
    void runThatIsNotThereIsNotFound() {
        assertThat(get(path("nobody")).status()).isEqualTo(404);
        assertThat(get(path("nobody") + "/log").status()).isEqualTo(404);
        assertThat(get("/_emulator/workspaces/nowhere/runs/x/log/follow").status())
                .isEqualTo(404);
    }

    @Test
    void logIsSentAsItIsPrintedUntilTheRunEnds() throws Exception {
        begin("followed");
        print("followed", "before\n");
        try (HttpClient client = HttpClient.newHttpClient();
                Stream<String> lines = client.send(
                                HttpRequest.newBuilder(URI.create(server.http() + path("followed") + "/log/follow"))
                                        .build(),
                                BodyHandlers.ofLines())
                        .body()) {
            Iterator<String> events =
                    lines.filter(line -> line.startsWith("data:")).iterator();
            assertThat(events.next()).contains("\"from\":0,\"next\":7,\"text\":\"before\\n\"");
            print("followed", "half a li");
            assertThat(events.next()).contains("\"from\":7,\"next\":16,\"text\":\"half a li\"");
            nextAttempt("followed");
            print("followed", "anew\n");
            assertThat(events.next()).isEqualTo("data:{}");
            assertThat(events.next()).contains("\"from\":0,\"next\":5,\"text\":\"anew\\n\"");
            server.send("PATCH", RUNS + "followed", "{\"status\":\"Completed\"}");
            assertThat(events.next()).isEqualTo("data:{\"next\":5}");
            assertThat(events.hasNext()).isFalse();
        }
    }

    @Test
    void readerThatComesBackGoesOnWhereItWas() throws Exception {
        begin("resumed");
        print("resumed", "seen\nnew\n");
        server.send("PATCH", RUNS + "resumed", "{\"status\":\"Completed\"}");
        String whole = get(path("resumed") + "/log/follow").response().body();
        Matcher id = Pattern.compile("id:(\\w+)-9").matcher(whole);
        assertThat(id.find()).isTrue();

        String rest = server.sendTo(
                        server.http() + path("resumed") + "/log/follow", "GET", "", "Last-Event-ID", id.group(1) + "-5")
                .response()
                .body();

        assertThat(rest).contains("\"from\":5,\"next\":9,\"text\":\"new\\n\"").doesNotContain("seen");
    }

    @Test
    void followersAreLimitedAndTheirPlacesComeBack() throws Exception {
        begin("crowded");
        List<Stream<String>> open = new ArrayList<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest follow = HttpRequest.newBuilder(URI.create(server.http() + path("crowded") + "/log/follow"))
                    .build();
            for (int i = 0; i < 20; i++) {
                open.add(client.send(follow, BodyHandlers.ofLines()).body());
            }
            assertThat(client.send(follow, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(429);
            server.send("PATCH", RUNS + "crowded", "{\"status\":\"Completed\"}");
            for (Stream<String> lines : open) {
                assertThat(lines.toList()).contains("event:end");
            }
        }
    }

    private static Answer get(String path) {
        return server.sendTo(server.http() + path, "GET", "");
    }

    private static String path(String run) {
        return "/_emulator/workspaces/" + workspace.value() + "/runs/" + run;
    }

    private static void begin(String run) {
        Answer made = server.send(
                "PATCH",
                RUNS + run,
                "{\"runId\":\"%s\",\"displayName\":\"<b>%s</b>\",\"status\":\"Running\"}".formatted(run, run));
        assertThat(made.status()).isEqualTo(200);
    }

    private static Path log(String run) throws IOException {
        return server.bean(Artifacts.class).logFile(workspace, run, "user_logs/std_log.txt");
    }

    private static void print(String run, String text) throws IOException {
        Files.writeString(log(run), text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** As it is done when a job begins once more. */
    private static void nextAttempt(String run) throws IOException {
        Files.move(log(run), server.bean(Artifacts.class).logFile(workspace, run, "user_logs/retry_000/std_log.txt"));
    }
}
