package dev.malachite.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.blob.FilesTest;
import dev.malachite.server.blob.FilesTestApplication;
import dev.malachite.server.snapshot.Snapshots.SnapshotFile;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.node.ObjectNode;

/** The v2 SDK's upload of a code folder as contract sdk-v2 5 has it. */
class CodesTest extends FilesTest {

    @Autowired
    private Snapshots snapshots;

    @Autowired
    private WorkspaceFiles files;

    private final String workspace = "ws-" + UUID.randomUUID();
    private final String codes = FilesTestApplication.path(workspace) + "/codes/";

    @Test
    void aFolderIsUploadedOnceAndFoundByItsHashUnderAnyName() {
        String name = UUID.randomUUID().toString();
        String folder = uploaded(name, "src", "train.py", "lib/a.py");
        HttpResponse<byte[]> put = json("PUT", version(name), code(folder, "abc"));
        assertThat(put.statusCode()).isEqualTo(201);
        String id = object(put).path("id").stringValue();
        assertThat(paths(id)).containsExactly("lib/a.py", "train.py");
        assertThat(paths(name + "/1")).containsExactly("lib/a.py", "train.py");
        assertThat(paths("azureml:" + name + ":1")).containsExactly("lib/a.py", "train.py");

        ObjectNode page = object(get(codes + UUID.randomUUID() + "/versions?hash=abc&hashVersion=202208"));
        assertThat(page.at("/value/0/id").stringValue()).isEqualTo(id);
        String shown = object(get(id)).at("/properties/codeUri").stringValue();
        assertThat(shown)
                .as("code.download of the v2 SDK takes no other")
                .isEqualTo(folder.replace("/malachite/", "/malachite.blob.core.windows.net/"))
                .isNotEqualTo(folder);
        assertThat(json("PUT", version(name), code(shown, "abc")).statusCode()).isEqualTo(200);
        assertThat(object(get(codes + "x/versions?hash=other&hashVersion=202208"))
                        .path("value"))
                .isEmpty();
        assertThat(object(get(codes + name + "/versions")).path("value")).hasSize(1);
    }

    @Test
    void aVersionsContentCannotBeChanged() {
        String name = UUID.randomUUID().toString();
        String folder = uploaded(name, "src", "train.py");
        ObjectNode code = code(folder, "abc");
        json("PUT", version(name), code);
        ((ObjectNode) code.path("properties")).put("description", "better");
        HttpResponse<byte[]> again = json("PUT", version(name), code);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(object(get(version(name))).at("/properties/description").stringValue())
                .isEqualTo("better");
        assertThat(json("PUT", version(name), code(folder, "def")).statusCode()).isEqualTo(409);
        assertThat(json("PUT", version(name), code(uploaded(name, "src", "b.py"), "abc"))
                        .statusCode())
                .isEqualTo(409);
        assertThat(paths(name + "/1")).containsExactly("train.py");
    }

    @Test
    void aCodeUriMustBeAFolderOfThisWorkspace() {
        String name = UUID.randomUUID().toString();
        String folder = uploaded(name, "src", "train.py");
        for (String uri : List.of("", "https://example.org/src", "file:///etc", folder + "/none", "..")) {
            assertThat(json("PUT", version(name), code(uri, "h")).statusCode())
                    .as(uri)
                    .isEqualTo(400);
        }
        String elsewhere = FilesTestApplication.path("other-" + workspace) + "/codes/c/versions/1";
        assertThat(json("PUT", elsewhere, code(folder, "h")).statusCode()).isEqualTo(400);
        assertThat(json("PUT", codes + "c/versions/-x", code(folder, "h")).statusCode())
                .isEqualTo(400);
        assertThat(get(version(name)).statusCode()).isEqualTo(404);
    }

    @Test
    void aRemovedWorkspaceLeavesNothing() throws IOException {
        String name = UUID.randomUUID().toString();
        json("PUT", version(name), code(uploaded(name, "src", "train.py"), "abc"));
        files.remove(FilesTestApplication.id(workspace));
        files.remove(FilesTestApplication.id(workspace));
        assertThat(get(version(name)).statusCode()).isEqualTo(404);
        assertThat(snapshots.files(FilesTestApplication.id(workspace), name + "/1"))
                .isEmpty();
    }

    private String version(String name) {
        return codes + name + "/versions/1";
    }

    /** Uploads with the SAS of a pending upload; the codeUri to name afterwards. */
    private String uploaded(String name, String folder, String... files) {
        ObjectNode pending = object(json("POST", version(name) + "/startPendingUpload", Json.object()));
        String sas =
                pending.at("/blobReferenceForConsumption/credential/sasUri").stringValue();
        for (String file : files) {
            String url = sas.replace("?", "/" + folder + "/" + file + "?");
            assertThat(upload(url, "content").statusCode()).isEqualTo(201);
        }
        return pending.at("/blobReferenceForConsumption/blobUri").stringValue() + "/" + folder;
    }

    private static ObjectNode code(String uri, String hash) {
        ObjectNode body = Json.object();
        ObjectNode properties = body.putObject("properties").put("codeUri", uri).put("isAnonymous", true);
        properties.putObject("properties").put("hash_sha256", hash).put("hash_version", 202208);
        return body;
    }

    private List<String> paths(String id) {
        return snapshots.files(FilesTestApplication.id(workspace), id).orElseThrow().stream()
                .map(SnapshotFile::path)
                .toList();
    }
}
