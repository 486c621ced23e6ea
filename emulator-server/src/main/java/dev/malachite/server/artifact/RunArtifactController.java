package dev.malachite.server.artifact;

import dev.malachite.server.web.Body;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.core.io.Resource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** A run's files by the run history: how azureml-mlflow and the v2 SDK reach them. */
@RestController
@RequestMapping({
    "/history/v1.0" + WorkspaceRef.PATH + "/experiments/{exp}/runs/{run}/artifacts",
    "/history/v1.0" + WorkspaceRef.PATH + "/experimentids/{exp}/runs/{run}/artifacts"
})
class RunArtifactController {

    private final ArtifactCalls calls;

    RunArtifactController(ArtifactCalls calls) {
        this.calls = calls;
    }

    @PostMapping("/batch/metadata")
    ObjectNode announce(Workspace workspace, @PathVariable String run, @Body ObjectNode body) {
        return calls.announce(workspace, ArtifactId.ofRun(run, ""), body);
    }

    @GetMapping({"", "/path"})
    ObjectNode list(Workspace workspace, @PathVariable String run, @RequestParam(defaultValue = "") String path) {
        return calls.list(workspace, ArtifactId.ofRun(run, path));
    }

    @GetMapping("/prefix/contentinfo")
    ObjectNode search(Workspace workspace, @PathVariable String run, @RequestParam(defaultValue = "") String path) {
        return calls.searchUnderSuffix(workspace, ArtifactId.ofRun(run, path));
    }

    @GetMapping("/metadata")
    ObjectNode metadata(Workspace workspace, @PathVariable String run, @RequestParam String path) {
        return calls.metadata(workspace, ArtifactId.ofRun(run, path));
    }

    @DeleteMapping("/metadata")
    ResponseEntity<Void> delete(Workspace workspace, @PathVariable String run, @RequestParam String path)
            throws IOException {
        calls.delete(workspace, ArtifactId.ofRun(run, path));
        return ResponseEntity.ok().build();
    }

    @GetMapping("/contentinfo")
    ObjectNode contentInfo(Workspace workspace, @PathVariable String run, @RequestParam String path) {
        return calls.contentInfoUnderSuffix(workspace, ArtifactId.ofRun(run, path));
    }

    @GetMapping("/write")
    ObjectNode writeInfo(Workspace workspace, @PathVariable String run, @RequestParam String path) {
        return calls.writeInfo(workspace, ArtifactId.ofRun(run, path));
    }

    @GetMapping("/content")
    ResponseEntity<Resource> read(Workspace workspace, @PathVariable String run, @RequestParam String path) {
        return calls.read(workspace, ArtifactId.ofRun(run, path));
    }

    @PostMapping("/content")
    ObjectNode write(
            Workspace workspace, @PathVariable String run, @RequestParam String path, HttpServletRequest request)
            throws IOException {
        return calls.write(workspace, ArtifactId.ofRun(run, path), request.getInputStream());
    }
}
