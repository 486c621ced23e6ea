package dev.malachite.server.mlflow;

import dev.malachite.server.artifact.RunFiles;
import dev.malachite.server.blob.Blob;
import dev.malachite.server.run.RunView;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Files by MLflow's own artifact routes; azureml-mlflow takes run history's for the same files. */
@RestController
class ArtifactApi {

    private static final String FILES = MlflowPaths.TRACKING + "/api/2.0/mlflow-artifacts/artifacts";

    private final Access access;
    private final RunFiles files;
    private final LoggedModels models;

    ArtifactApi(Access access, RunFiles files, LoggedModels models) {
        this.access = access;
        this.files = files;
        this.models = models;
    }

    @GetMapping({MlflowPaths.API + "/artifacts/list", MlflowPaths.PREVIEW + "/artifacts/list"})
    ObjectNode list(Workspace workspace, @RequestParam MultiValueMap<String, String> query) {
        Asked asked = Asked.of(query);
        RunView run = access.readable(workspace, asked.runId());
        ObjectNode answer = list(workspace, RunFiles.Root.ofRun(run.runId()), asked.given("path"), false);
        return answer.put("root_uri", ArtifactForm.current().root(workspace, run));
    }

    @GetMapping({
        MlflowPaths.API + "/logged-models/{model}/artifacts/directories",
        MlflowPaths.PREVIEW + "/logged-models/{model}/artifacts/directories"
    })
    ObjectNode ofModel(
            Workspace workspace, @PathVariable String model, @RequestParam MultiValueMap<String, String> query) {
        LoggedModels.Model found = models.readable(workspace, model);
        ObjectNode answer = list(workspace, found.root(), Asked.of(query).given("artifact_directory_path"), false);
        return answer.put("root_uri", LoggedModelApi.uri(workspace, found, access));
    }

    /** Paths here are names inside the folder that is listed. */
    @GetMapping(FILES)
    ObjectNode list(Workspace workspace, @RequestParam(defaultValue = "") String path) {
        Place place = place(workspace, path, false);
        return list(workspace, place.root(), Optional.of(place.path()), true);
    }

    private ObjectNode list(Workspace workspace, RunFiles.Root root, Optional<String> asked, boolean bare) {
        String folder = asked.map(ArtifactApi::checked).orElse("");
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("files");
        for (RunFiles.Entry entry : files.list(workspace.id(), root, folder)) {
            ObjectNode file = list.addObject();
            file.put("path", bare && !folder.isEmpty() ? entry.path().substring(folder.length() + 1) : entry.path());
            file.put("is_dir", entry.folder());
            if (!entry.folder()) {
                file.put("file_size", entry.size());
            }
        }
        return answer;
    }

    @GetMapping(FILES + "/{*path}")
    ResponseEntity<Resource> read(Workspace workspace, @PathVariable String path) {
        Place place = place(workspace, path, false);
        Blob blob = files.find(workspace.id(), place.root(), place.path())
                .orElseThrow(() -> MlflowErrors.missing("Artifact '%s' was not found.".formatted(place.path())));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .eTag(blob.etag())
                .body(new FileSystemResource(blob.content()));
    }

    @PutMapping(FILES + "/{*path}")
    ObjectNode write(Workspace workspace, @PathVariable String path, HttpServletRequest request) throws IOException {
        Place place = place(workspace, path, true);
        if (place.path().isEmpty()) {
            throw MlflowErrors.invalid("Invalid path: it names no file.");
        }
        files.keep(workspace.id(), place.root(), place.path(), request.getInputStream());
        return Json.object();
    }

    @DeleteMapping(FILES + "/{*path}")
    ObjectNode delete(Workspace workspace, @PathVariable String path) throws IOException {
        Place place = place(workspace, path, true);
        files.delete(workspace.id(), place.root(), place.path());
        return Json.object();
    }

    private record Place(RunFiles.Root root, String path) {}

    /** Behind an experiment's id stand a run's id and {@code artifacts}, or what {@link ArtifactForm#upload} wrote. */
    private Place place(Workspace workspace, String whole, boolean write) {
        List<String> parts = List.of(whole.replaceFirst("^/+", "").split("/", -1));
        if (parts.size() < 3) {
            throw MlflowErrors.invalid("Invalid path: an experiment, a run and its artifacts are expected.");
        }
        access.experiment(workspace, parts.getFirst());
        String path = checked(String.join("/", parts.subList(3, parts.size())));
        if (parts.get(1).equals(ArtifactForm.UPLOADS)) {
            return new Place(models.uploads(workspace, parts.get(2), write), path);
        }
        if (!parts.get(2).equals("artifacts")) {
            throw MlflowErrors.invalid("Invalid path: 'artifacts' is expected behind the run's id.");
        }
        RunView run = write ? access.writable(workspace, parts.get(1)) : access.readable(workspace, parts.get(1));
        return new Place(RunFiles.Root.ofRun(run.runId()), path);
    }

    /** A path inside, without what could lead out of it. */
    private static String checked(String path) {
        String inner = path.replaceFirst("/+$", "");
        for (String part : inner.split("/", -1)) {
            boolean odd = part.equals(".") || part.equals("..") || (part.isEmpty() && !inner.isEmpty());
            if (odd || part.indexOf('\\') >= 0 || part.chars().anyMatch(Character::isISOControl)) {
                throw MlflowErrors.invalid("Invalid path: it leaves its folder, or names no file.");
            }
        }
        return inner;
    }
}
