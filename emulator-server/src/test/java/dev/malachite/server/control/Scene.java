package dev.malachite.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.TargetId;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.start.RunningServer;
import dev.malachite.server.start.RunningServer.Answer;
import dev.malachite.server.workspace.WorkspaceRef;
import dev.malachite.server.workspace.Workspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** A server with a workspace in which clusters of simulated nodes run simulated jobs. */
final class Scene implements AutoCloseable {

    private static final String SUBSCRIPTION = "00000000-0000-4000-8000-000000000002";
    static final WorkspaceRef WORKSPACE = new WorkspaceRef(SUBSCRIPTION, "g", "w-scene");
    private static final String VERSION = "?api-version=2024-04-01";

    private final RunningServer server;
    private final HttpClient plain = HttpClient.newHttpClient();

    private Scene(RunningServer server) {
        this.server = server;
    }

    static Scene start(Path data, String... more) {
        Scene scene = new Scene(RunningServer.start(data, more));
        scene.furnish();
        return scene;
    }

    /** Makes the workspace, as at the start. */
    void furnish() {
        String place = "{\"location\":\"koreacentral\"}";
        made(server.send("PUT", "/subscriptions/" + SUBSCRIPTION + "/resourcegroups/g?api-version=2021-04-01", place));
        made(server.send("PUT", WORKSPACE.armId() + VERSION, place));
        environment("e");
    }

    /** An environment whose image is called {@code made-up-NAME}. */
    void environment(String name) {
        made(server.send(
                "PUT",
                WORKSPACE.armId() + "/environments/" + name + "/versions/1" + VERSION,
                "{\"properties\":{\"image\":\"made-up-%s\"}}".formatted(name)));
    }

    RunningServer server() {
        return server;
    }

    void cluster(String name, int min, int max, String idle) {
        made(server.send("PUT", WORKSPACE.armId() + "/computes/" + name + VERSION, """
                {"location": "koreacentral", "properties": {"computeType": "AmlCompute", "properties": {
                    "vmSize": "STANDARD_D2_V2", "vmPriority": "LowPriority",
                    "scaleSettings": {"minNodeCount": %d, "maxNodeCount": %d, "nodeIdleTimeBeforeScaleDown": "%s"}}}}
                """.formatted(min, max, idle)));
    }

    /** Submits a job that runs for so long on the emulator's clock. */
    void submit(String cluster, String run, String duration) {
        submit(cluster, run, duration, "e");
    }

    void submit(String cluster, String run, String duration, String environment) {
        made(server.send("PUT", WORKSPACE.armId() + "/jobs/" + run + VERSION, """
                {"properties": {"jobType": "Command", "command": "true",
                    "computeId": "%s/computes/%s", "environmentId": "%s/environments/%s/versions/1",
                    "tags": {"malachite.duration": "%s"}}}
                """.formatted(
                        WORKSPACE.armId(), cluster, WORKSPACE.armId(), environment, duration)));
    }

    private void made(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isBetween(200, 202);
    }

    /** Asks the control API. */
    Answer control(String method, String path, String body) {
        return server.sendTo(server.http() + "/_emulator" + path, method, body);
    }

    ObjectNode clock() {
        return control("GET", "/clock", "").json();
    }

    Instant now() {
        return Instant.parse(clock().path("now").stringValue());
    }

    ObjectNode advance(String by) {
        Answer answer = control("POST", "/clock/advance", "{\"by\":\"%s\"}".formatted(by));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.json();
    }

    int nodes(String cluster) {
        TargetId target = new TargetId(
                server.bean(Workspaces.class).find(WORKSPACE).orElseThrow().id(), cluster);
        return server.bean(ControlLoop.class).state().nodesOf(target).size();
    }

    /** The events from the given number on, as they come. Not closing it keeps the feed open. */
    Feed feed(String query) {
        return feed(query, "");
    }

    Feed feed(String query, String last) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.http() + "/_emulator/events" + query));
        if (!last.isEmpty()) {
            request.header("Last-Event-ID", last);
        }
        try {
            HttpResponse<Stream<String>> answer = plain.send(request.build(), BodyHandlers.ofLines());
            assertThat(answer.statusCode()).isEqualTo(200);
            return new Feed(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        plain.shutdownNow();
        server.close();
    }

    /** Real time passes until it is so; for what has no event. */
    static void eventually(BooleanSupplier so) {
        Instant end = InstantSource.system().instant().plusSeconds(20);
        while (!so.getAsBoolean()) {
            assertThat(InstantSource.system().instant()).isBefore(end);
            Thread.onSpinWait();
        }
    }
}
