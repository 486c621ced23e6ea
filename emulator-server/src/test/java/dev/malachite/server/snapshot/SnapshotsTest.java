package dev.malachite.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.blob.FilesTest;
import dev.malachite.server.blob.FilesTestApplication;
import dev.malachite.server.snapshot.Snapshots.SnapshotFile;
import dev.malachite.server.web.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The v1 SDK's content service as contract sdk-v1 5.2 has it. */
class SnapshotsTest extends FilesTest {

    private static final String NONE = "00000000-0000-0000-0000-000000000000";

    @Autowired
    private Snapshots snapshots;

    private final String workspace = "ws-" + UUID.randomUUID();
    private final String content = "/content/v2.0" + FilesTestApplication.path(workspace) + "/snapshots";

    @Test
    void aSnapshotIsWhatWasUploadedAndWhatItInherits() throws IOException {
        String first = UUID.randomUUID().toString();
        Map<String, String> urls = uploaded(Map.of("train.py", "print(1)", "lib/a.py", "a"));
        assertThat(keep(first, NONE, urls, "train.py#1", "lib/a.py#1").statusCode())
                .isEqualTo(200);
        assertThat(files(first)).isEqualTo(Map.of("train.py", "print(1)", "lib/a.py", "a"));

        String second = UUID.randomUUID().toString();
        Map<String, String> changed = uploaded(Map.of("train.py", "print(2)"));
        assertThat(keep(second, first, changed, "train.py#2", "lib/a.py#1").statusCode())
                .isEqualTo(200);
        assertThat(files(second)).isEqualTo(Map.of("train.py", "print(2)", "lib/a.py", "a"));

        String third = UUID.randomUUID().toString();
        assertThat(keep(third, second, Map.of(), "lib/a.py#1").statusCode()).isEqualTo(200);
        assertThat(files(third)).isEqualTo(Map.of("lib/a.py", "a"));
        assertThat(files(first)).containsEntry("train.py", "print(1)");
    }

    @Test
    void nothingChangesASnapshotAfterwards() throws IOException {
        String id = UUID.randomUUID().toString();
        Map<String, String> urls = uploaded(Map.of("train.py", "before"));
        keep(id, NONE, urls, "train.py#1");
        upload(urls.getOrDefault("train.py", ""), "after");
        assertThat(files(id)).containsEntry("train.py", "before");
        assertThat(keep(id, NONE, urls, "train.py#1").statusCode()).isEqualTo(200);
        assertThat(keep(id, NONE, urls, "train.py#2").statusCode()).isEqualTo(409);
        assertThat(files(id)).containsEntry("train.py", "before");
    }

    @Test
    void anUnknownParentIsRefusedSoThatTheClientForgetsIt() {
        HttpResponse<byte[]> answer =
                keep(UUID.randomUUID().toString(), UUID.randomUUID().toString(), Map.of(), "a#1");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(object(answer).at("/error/details").isArray()).isTrue();
    }

    @Test
    void aFileThatIsNamedButWasNotUploadedIsRefused() {
        String id = UUID.randomUUID().toString();
        assertThat(keep(id, NONE, Map.of(), "a.py#1").statusCode()).isEqualTo(400);
        assertThat(keep(id, NONE, announced("a.py"), "a.py#1").statusCode()).isEqualTo(400);
        assertThat(snapshots.files(FilesTestApplication.id(workspace), id)).isEmpty();
    }

    @Test
    void anInheritedFileMustBeTheOneThatTheClientMeans() throws IOException {
        String first = UUID.randomUUID().toString();
        keep(first, NONE, uploaded(Map.of("a.py", "a")), "a.py#1");
        assertThat(keep(UUID.randomUUID().toString(), first, Map.of(), "a.py#2").statusCode())
                .isEqualTo(400);
    }

    @Test
    void hostilePathsAreRefused() {
        for (String path : List.of("/etc/passwd", "../x", "a/../../x", "a\\..\\x", "a\u0000b", ".", "x".repeat(256))) {
            assertThat(json("POST", content + "/getblob", names(path)).statusCode())
                    .as(path)
                    .isEqualTo(400);
        }
        for (String name : List.of("..", "/etc/passwd", "a/b", "a\\b", "", "a\u0000")) {
            ObjectNode tree = Json.object();
            tree.putObject("children").putObject(name).put("type", "File");
            assertThat(post(UUID.randomUUID().toString(), NONE, tree, Json.array())
                            .statusCode())
                    .as(name)
                    .isEqualTo(400);
        }
        ObjectNode link = Json.object();
        link.putObject("children").putObject("a").put("type", "SymbolicLink");
        assertThat(post(UUID.randomUUID().toString(), NONE, link, Json.array()).statusCode())
                .isEqualTo(400);
        assertThat(keep("not-a-guid", NONE, Map.of()).statusCode()).isEqualTo(400);
    }

    @Test
    void anUploadElsewhereIsRefused() throws IOException {
        String mine = uploaded(Map.of("a.py", "a")).getOrDefault("a.py", "");
        String foreign = mine.replace(
                FilesTestApplication.id(workspace).value(), UUID.randomUUID().toString());
        for (String uri : List.of(foreign, "file:///etc/passwd", "https://example.org/a.py", "", "/etc/passwd")) {
            assertThat(keep(UUID.randomUUID().toString(), NONE, Map.of("a.py", uri), "a.py#1")
                            .statusCode())
                    .as(uri)
                    .isEqualTo(400);
        }
    }

    @Test
    void aClientOnWindowsNamesFilesItsOwnWay() throws IOException {
        String id = UUID.randomUUID().toString();
        assertThat(keep(id, NONE, uploaded(Map.of("lib\\a.py", "a")), "lib/a.py#1")
                        .statusCode())
                .isEqualTo(200);
        assertThat(files(id)).isEqualTo(Map.of("lib/a.py", "a"));
    }

    @Test
    void tooManyFilesAreRefused() {
        ObjectNode tree = Json.object();
        ObjectNode children = tree.putObject("children");
        for (int i = 0; i <= SnapshotPaths.MAX_FILES; i++) {
            children.putObject("f" + i).put("type", "File");
        }
        HttpResponse<byte[]> answer = post(UUID.randomUUID().toString(), NONE, tree, Json.array());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(text(answer)).contains("exceeds the file limit");
    }

    @Test
    void aSnapshotIsRestoredAsAZip() throws IOException {
        String id = UUID.randomUUID().toString();
        keep(id, NONE, uploaded(Map.of("train.py", "print(1)", "lib/a.py", "a")), "train.py#1", "lib/a.py#1");
        String url = object(json("POST", content + "/" + id + "/zip", Json.object()))
                .path("zipSasUri")
                .stringValue();
        Map<String, String> found = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(get(url).body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                found.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(found).isEqualTo(Map.of("train.py", "print(1)", "lib/a.py", "a"));
        assertThat(json("POST", content + "/" + UUID.randomUUID() + "/zip", Json.object())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void theLatestSnapshotIsAnEmptyFolder() {
        HttpResponse<byte[]> answer =
                get("/content/v1.0" + FilesTestApplication.path(workspace) + "/snapshots/latest/metadata");
        assertThat(object(answer).at("/root/children").isObject()).isTrue();
    }

    private Map<String, String> announced(String... names) {
        Map<String, String> urls = new HashMap<>();
        for (JsonNode node :
                object(json("POST", content + "/getblob", names(names))).path("fileNodes")) {
            urls.put(node.path("fullName").stringValue(), node.path("blobUri").stringValue());
        }
        return urls;
    }

    private Map<String, String> uploaded(Map<String, String> contents) {
        Map<String, String> urls = announced(contents.keySet().toArray(String[]::new));
        contents.forEach((name, text) -> assertThat(
                        upload(urls.getOrDefault(name, ""), text).statusCode())
                .isEqualTo(201));
        return urls;
    }

    /** @param files each {@code path#hash} */
    private HttpResponse<byte[]> keep(String id, String parent, Map<String, String> urls, String... files) {
        ObjectNode tree = Json.object().put("name", "").put("type", "Directory");
        tree.putObject("children");
        for (String file : files) {
            ObjectNode folder = tree;
            List<String> segments = new ArrayList<>(List.of(file.split("#", -1)[0].split("/", -1)));
            String name = segments.removeLast();
            for (String segment : segments) {
                folder = folder.withObjectProperty("children").withObjectProperty(segment);
                folder.put("type", "Directory");
            }
            folder.withObjectProperty("children")
                    .putObject(name)
                    .put("type", "File")
                    .put("hash", file.split("#", -1)[1]);
        }
        ArrayNode nodes = Json.array();
        urls.forEach((name, url) -> nodes.addObject().put("FullName", name).put("BlobUri", url));
        return post(id, parent, tree, nodes);
    }

    private HttpResponse<byte[]> post(String id, String parent, ObjectNode tree, ArrayNode nodes) {
        ObjectNode body = Json.object().put("ParentSnapshotId", parent);
        body.set("DirTreeNode", tree);
        body.putObject("FileRevisionList").set("FileNodes", nodes);
        return json("POST", content + "/" + id, body);
    }

    private Map<String, String> files(String id) throws IOException {
        Map<String, String> contents = new HashMap<>();
        for (SnapshotFile file :
                snapshots.files(FilesTestApplication.id(workspace), id).orElseThrow()) {
            contents.put(file.path(), Files.readString(file.content()));
            assertThat(file.size()).isEqualTo(Files.size(file.content()));
        }
        return contents;
    }

    private static ObjectNode names(String... names) {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("FileNames");
        for (String name : names) {
            list.add(name);
        }
        return body;
    }
}
