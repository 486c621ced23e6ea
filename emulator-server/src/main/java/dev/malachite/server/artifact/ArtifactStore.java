package dev.malachite.server.artifact;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.Blob;
import dev.malachite.server.blob.BlobException;
import dev.malachite.server.blob.BlobStore;
import dev.malachite.server.blob.BlobUrls;
import dev.malachite.server.blob.Containers;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Caller;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Artifacts as blobs of the workspace's own container, where the v2 SDK reads them as a datastore. */
@Component
class ArtifactStore implements Artifacts {

    private final BlobStore blobs;
    private final BlobUrls urls;

    ArtifactStore(BlobStore blobs, BlobUrls urls) {
        this.blobs = blobs;
        this.urls = urls;
    }

    @Override
    public Path logFile(WorkspaceId workspace, String runId, String path) throws IOException {
        return blobs.fileToAppend(ArtifactId.ofRun(runId, path).blob(workspace));
    }

    @Override
    public Path logPlace(WorkspaceId workspace, String runId, String path) throws IOException {
        return blobs.fileToBegin(ArtifactId.ofRun(runId, path).blob(workspace));
    }

    @Override
    public void setAside(WorkspaceId workspace, String runId, String log, String as) throws IOException {
        blobs.setAside(
                ArtifactId.ofRun(runId, log).blob(workspace),
                ArtifactId.ofRun(runId, as).blob(workspace));
    }

    @Override
    public void settle(WorkspaceId workspace, String runId) {
        blobs.settle(
                Containers.artifacts(workspace), ArtifactId.ofRun(runId, "").text());
    }

    @Override
    public void keep(WorkspaceId workspace, String runId, String path, InputStream content) throws IOException {
        keep(workspace, ArtifactId.ofRun(runId, path), content);
    }

    @Override
    public void removeAll(WorkspaceId workspace, String runId) throws IOException {
        for (Blob blob : blobs.list(
                Containers.artifacts(workspace), ArtifactId.ofRun(runId, "").text())) {
            blobs.discard(blob.address());
        }
    }

    @Override
    public List<String> list(WorkspaceId workspace, String runId, String prefix) {
        ArtifactId run = ArtifactId.ofRun(runId, prefix);
        return blobs.list(Containers.artifacts(workspace), run.text()).stream()
                .map(blob -> path(run, blob))
                .toList();
    }

    @Override
    public String readUrl(WorkspaceId workspace, String runId, String path) {
        return readUrl(workspace, ArtifactId.ofRun(runId, path));
    }

    String readUrl(WorkspaceId workspace, ArtifactId id) {
        return urls.read(Caller.current(), id.blob(workspace));
    }

    String readUrlUnderSuffix(Blob blob) {
        return urls.readUnderSuffix(Caller.current(), blob.address());
    }

    String writeUrl(WorkspaceId workspace, ArtifactId id) {
        return urls.write(Caller.current(), id.blob(workspace));
    }

    String readUrl(Blob blob) {
        return urls.read(Caller.current(), blob.address());
    }

    Optional<Blob> find(WorkspaceId workspace, ArtifactId id) {
        return blobs.find(id.blob(workspace))
                .or(() -> uploads(workspace, id).stream()
                        .filter(blob -> blob.address().name().equals(id.text()))
                        .findFirst());
    }

    Blob keep(WorkspaceId workspace, ArtifactId id, InputStream content) throws IOException {
        try {
            return blobs.put(id.blob(workspace), content);
        } catch (BlobException e) {
            throw new AzureException(e.error());
        }
    }

    Optional<Blob> delete(WorkspaceId workspace, ArtifactId id) throws IOException {
        return blobs.delete(id.blob(workspace));
    }

    /** What lies under a path: the file of that name and those in the folder of that name. */
    List<Blob> under(WorkspaceId workspace, ArtifactId id) {
        String name = id.text();
        boolean all = id.path().isEmpty() || id.path().endsWith("/");
        return beginning(workspace, id).stream()
                .filter(blob -> all
                        || blob.address().name().equals(name)
                        || blob.address().name().startsWith(name + "/"))
                .toList();
    }

    /** What begins with a prefix, as the service's prefix search finds it: a whole name is preferred to its longer kin. */
    List<Blob> matching(WorkspaceId workspace, ArtifactId id) {
        List<Blob> exact = under(workspace, id);
        return exact.isEmpty() ? beginning(workspace, id) : exact;
    }

    /** What the v2 SDK has uploaded: it puts models into the default datastore, by names of the same form. */
    private List<Blob> uploads(WorkspaceId workspace, ArtifactId id) {
        return id.isOfRun() ? List.of() : blobs.list(Containers.datastore(workspace), id.text());
    }

    private List<Blob> beginning(WorkspaceId workspace, ArtifactId id) {
        List<Blob> found = blobs.list(Containers.artifacts(workspace), id.text());
        return found.isEmpty() ? uploads(workspace, id) : found;
    }

    static String path(ArtifactId any, Blob blob) {
        return blob.address().name().substring(any.root().length());
    }
}
