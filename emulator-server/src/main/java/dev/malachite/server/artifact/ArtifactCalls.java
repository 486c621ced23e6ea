package dev.malachite.server.artifact;

import dev.malachite.api.Errors;
import dev.malachite.server.blob.Blob;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What both routes to artifacts, the artifact service's and the run history's, answer. */
@Component
class ArtifactCalls {

    /** The SDKs send 50 at once. */
    private static final int MAX_BATCH = 1000;

    private final ArtifactStore store;

    ArtifactCalls(ArtifactStore store) {
        this.store = store;
    }

    /** Announces files: each gets a URL to which it can be written. The blobs themselves are not made. */
    ObjectNode announce(Workspace workspace, ArtifactId container, ObjectNode body) {
        JsonNode paths = Json.member(body, "paths");
        if (paths.size() > MAX_BATCH) {
            throw new AzureException(Errors.invalidParameter("paths", "they are more than " + MAX_BATCH + "."));
        }
        ObjectNode answer = Json.object();
        ObjectNode artifacts = answer.putObject("artifacts");
        ObjectNode contents = answer.putObject("artifactContentInformation");
        for (JsonNode entry : paths) {
            String path = Json.string(entry, "path")
                    .orElseThrow(() -> new AzureException(Errors.invalidParameter("path", "it is required.")));
            ArtifactId id = container.with(path);
            artifacts.set(path, artifact(id, store.find(workspace.id(), id).orElse(null)));
            contents.set(path, content(id, store.writeUrl(workspace.id(), id)));
        }
        answer.putObject("errors");
        return answer;
    }

    ObjectNode list(Workspace workspace, ArtifactId folder) {
        return page(store.under(workspace.id(), folder), blob -> artifact(of(folder, blob), blob));
    }

    ObjectNode search(Workspace workspace, ArtifactId prefix) {
        return search(workspace, prefix, store::readUrl);
    }

    /** For azureml-mlflow. */
    ObjectNode searchUnderSuffix(Workspace workspace, ArtifactId prefix) {
        return search(workspace, prefix, store::readUrlUnderSuffix);
    }

    private ObjectNode search(Workspace workspace, ArtifactId prefix, Function<Blob, String> url) {
        return page(store.matching(workspace.id(), prefix), blob -> {
            return content(of(prefix, blob), url.apply(blob));
        });
    }

    ObjectNode metadata(Workspace workspace, ArtifactId id) {
        return artifact(id, require(workspace, id));
    }

    ObjectNode contentInfo(Workspace workspace, ArtifactId id) {
        return content(id, store.readUrl(require(workspace, id)));
    }

    /** For azureml-mlflow. */
    ObjectNode contentInfoUnderSuffix(Workspace workspace, ArtifactId id) {
        return content(id, store.readUrlUnderSuffix(require(workspace, id)));
    }

    /** A URL to write to, for a file that need not be there. */
    ObjectNode writeInfo(Workspace workspace, ArtifactId id) {
        return content(id, store.writeUrl(workspace.id(), id));
    }

    ResponseEntity<Resource> read(Workspace workspace, ArtifactId id) {
        Blob blob = require(workspace, id);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .eTag(blob.etag())
                .body(new FileSystemResource(blob.content()));
    }

    ObjectNode write(Workspace workspace, ArtifactId id, InputStream content) throws IOException {
        return artifact(id, store.keep(workspace.id(), id, content));
    }

    void delete(Workspace workspace, ArtifactId id) throws IOException {
        if (store.delete(workspace.id(), id).isEmpty()) {
            throw missing(id);
        }
    }

    private Blob require(Workspace workspace, ArtifactId id) {
        return store.find(workspace.id(), id).orElseThrow(() -> missing(id));
    }

    private static AzureException missing(ArtifactId id) {
        return new AzureException(Errors.notFound("Artifact '" + id.text() + "'"));
    }

    private static ArtifactId of(ArtifactId any, Blob blob) {
        return any.with(ArtifactStore.path(any, blob));
    }

    private static ObjectNode page(List<Blob> blobs, Function<Blob, ObjectNode> item) {
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        blobs.forEach(blob -> value.add(item.apply(blob)));
        return page.putNull("continuationToken").putNull("nextLink");
    }

    private static ObjectNode content(ArtifactId id, String url) {
        return Json.object()
                .put("contentUri", url)
                .put("origin", id.origin())
                .put("container", id.container())
                .put("path", id.path());
    }

    private static ObjectNode artifact(ArtifactId id, @Nullable Blob blob) {
        return Json.object()
                .put("artifactId", id.text())
                .put("origin", id.origin())
                .put("container", id.container())
                .put("path", id.path())
                .put("etag", blob == null ? null : blob.etag())
                .put(
                        "createdTime",
                        Optional.ofNullable(blob)
                                .map(Blob::modified)
                                .map(Instant::toString)
                                .orElse(null))
                .putNull("dataPath");
    }
}
