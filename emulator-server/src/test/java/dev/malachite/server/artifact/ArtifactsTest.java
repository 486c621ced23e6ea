package dev.malachite.server.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.server.blob.FilesTest;
import dev.malachite.server.blob.FilesTestApplication;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A run's files as contracts sdk-v1 5 (Artifacts, Monitoring) and sdk-v2 8 have them. */
class ArtifactsTest extends FilesTest {

    @Autowired
    private Artifacts artifacts;

    private final String run = "run_" + UUID.randomUUID();
    private final String v1 = "/artifact/v2.0" + FilesTestApplication.path("ws") + "/artifacts";
    private final String history =
            "/history/v1.0" + FilesTestApplication.path("ws") + "/experiments/exp/runs/" + run + "/artifacts";

    @Test
    void whatAClientUploadsIsSeenByTheRunAndByBothServices() throws IOException {
        String url = announced(v1 + "/batch/metadata/ExperimentRun/dcid." + run, "outputs/m.txt");
        assertThat(get(v1 + "/contentinfo/ExperimentRun/dcid." + run + "/outputs/m.txt")
                        .statusCode())
                .isEqualTo(404);
        upload(url, "model");
        assertThat(artifacts.list(FilesTestApplication.id("ws"), run, "outputs/"))
                .containsExactly("outputs/m.txt");
        ObjectNode info = object(get(v1 + "/contentinfo/ExperimentRun/dcid." + run + "/outputs/m.txt"));
        assertThat(text(get(info.path("contentUri").stringValue()))).isEqualTo("model");
        info = object(get(history + "/contentinfo?path=outputs%2Fm.txt"));
        assertThat(text(get(info.path("contentUri").stringValue()))).isEqualTo("model");

        upload(announced(history + "/batch/metadata", "art.txt"), "from mlflow");
        assertThat(paths(v1 + "/ExperimentRun/dcid." + run)).containsExactly("art.txt", "outputs/m.txt");
        assertThat(paths(history)).containsExactly("art.txt", "outputs/m.txt");
        assertThat(paths(history + "?path=outputs")).containsExactly("outputs/m.txt");
        assertThat(text(get(history + "/content?path=art.txt"))).isEqualTo("from mlflow");
    }

    @Test
    void logsAreFoundByThePrefixOfTheirFolder() throws IOException {
        Files.writeString(artifacts.logFile(FilesTestApplication.id("ws"), run, "user_logs/std_log.txt"), "line\n");
        Files.writeString(artifacts.logFile(FilesTestApplication.id("ws"), run, "user_logs2/x.txt"), "");
        String prefix = v1 + "/prefix/contentinfo/ExperimentRun/dcid." + run;
        assertThat(paths(prefix + "/user_logs")).containsExactly("user_logs/std_log.txt");
        assertThat(paths(prefix + "/user_logs/")).containsExactly("user_logs/std_log.txt");
        assertThat(paths(prefix + "/user_l")).containsExactly("user_logs/std_log.txt", "user_logs2/x.txt");
        assertThat(paths(prefix + "/user_l/")).isEmpty();
        assertThat(paths(prefix + "/system_logs")).isEmpty();
        JsonNode found = object(get(prefix + "/user_logs")).path("value");
        assertThat(text(get(found.get(0).path("contentUri").stringValue()))).isEqualTo("line\n");
    }

    @Test
    void filesOfOtherOriginsHaveTheirOwnPlace() {
        String path = "/LocalUpload/230101-abc/model.pkl";
        assertThat(send(to(v1 + "/content" + path).POST(BodyPublishers.ofString("m")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(object(get(v1 + "/metadata" + path)).path("artifactId").stringValue())
                .isEqualTo("LocalUpload/230101-abc/model.pkl");
        assertThat(send(to(v1 + "/metadata" + path).DELETE()).statusCode()).isEqualTo(200);
        assertThat(get(v1 + "/metadata" + path).statusCode()).isEqualTo(404);
    }

    @Test
    void pathsThatLeaveTheRunAreRefused() {
        ByteArrayInputStream bytes = new ByteArrayInputStream("x".getBytes(StandardCharsets.UTF_8));
        for (String path : List.of("../x", "a/../../x", "a//b", "a/", "", "a\u0000b")) {
            assertThatThrownBy(() -> artifacts.keep(FilesTestApplication.id("ws"), run, path, bytes))
                    .as(path)
                    .isInstanceOf(AzureException.class);
        }
        assertThat(get(history + "/contentinfo?path=..%2Fx").statusCode()).isEqualTo(400);
        assertThat(get(v1 + "/contentinfo/ExperimentRun/dcid." + run + "/..%2Fx")
                        .statusCode())
                .isEqualTo(400);
    }

    private String announced(String route, String path) {
        ObjectNode body = Json.object();
        body.putArray("paths").addObject().put("path", path);
        JsonNode info = object(json("POST", route, body))
                .path("artifactContentInformation")
                .path(path);
        return info.path("contentUri").stringValue();
    }

    private List<String> paths(String route) {
        return object(get(route))
                .path("value")
                .valueStream()
                .map(node -> node.path("path").stringValue())
                .toList();
    }
}
