package dev.malachite.server.artifact;

import dev.malachite.server.web.Body;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** The v1 SDK's artifact service: files by origin, container and path. */
@RestController
class ArtifactController {

    /** Version 1.0 is that of azureml-core 0.1. */
    private static final String ARTIFACTS = "/artifact/{version:v[12]\\.0}" + WorkspaceRef.PATH + "/artifacts";

    private static final String CONTAINER = "/{origin}/{container}";
    private static final String NAMED = "/origins/{origin}/containers/{container}";
    private static final String PATH = CONTAINER + "/{*path}";

    private final ArtifactCalls calls;

    ArtifactController(ArtifactCalls calls) {
        this.calls = calls;
    }

    @PostMapping(ARTIFACTS + "/batch/metadata" + CONTAINER)
    ObjectNode announce(
            Workspace workspace, @PathVariable String origin, @PathVariable String container, @Body ObjectNode body) {
        return calls.announce(workspace, new ArtifactId(origin, container, ""), body);
    }

    @GetMapping({ARTIFACTS + CONTAINER, ARTIFACTS + PATH, ARTIFACTS + NAMED, ARTIFACTS + NAMED + "/{*path}"})
    ObjectNode list(
            Workspace workspace,
            @PathVariable String origin,
            @PathVariable String container,
            @PathVariable(required = false) @Nullable String path) {
        return calls.list(workspace, new ArtifactId(origin, container, path == null ? "" : path));
    }

    @GetMapping(ARTIFACTS + "/prefix/contentinfo" + PATH)
    ObjectNode search(
            Workspace workspace,
            @PathVariable String origin,
            @PathVariable String container,
            @PathVariable String path,
            HttpServletRequest request) {
        String prefix = asksForFolder(request) && !path.endsWith("/") ? path + "/" : path;
        return calls.search(workspace, new ArtifactId(origin, container, prefix));
    }

    @GetMapping(ARTIFACTS + "/metadata" + PATH)
    ObjectNode metadata(
            Workspace workspace,
            @PathVariable String origin,
            @PathVariable String container,
            @PathVariable String path) {
        return calls.metadata(workspace, new ArtifactId(origin, container, path));
    }

    @DeleteMapping(ARTIFACTS + "/metadata" + PATH)
    ResponseEntity<Void> delete(
            Workspace workspace, @PathVariable String origin, @PathVariable String container, @PathVariable String path)
            throws IOException {
        calls.delete(workspace, new ArtifactId(origin, container, path));
        return ResponseEntity.ok().build();
    }

    @GetMapping(ARTIFACTS + "/contentinfo" + PATH)
    ObjectNode contentInfo(
            Workspace workspace,
            @PathVariable String origin,
            @PathVariable String container,
            @PathVariable String path) {
        return calls.contentInfo(workspace, new ArtifactId(origin, container, path));
    }

    @GetMapping(ARTIFACTS + "/write" + PATH)
    ObjectNode writeInfo(
            Workspace workspace,
            @PathVariable String origin,
            @PathVariable String container,
            @PathVariable String path) {
        return calls.writeInfo(workspace, new ArtifactId(origin, container, path));
    }

    @GetMapping(ARTIFACTS + "/content" + PATH)
    ResponseEntity<Resource> read(
            Workspace workspace,
            @PathVariable String origin,
            @PathVariable String container,
            @PathVariable String path) {
        return calls.read(workspace, new ArtifactId(origin, container, path));
    }

    @PostMapping(ARTIFACTS + "/content" + PATH)
    ObjectNode write(
            Workspace workspace,
            @PathVariable String origin,
            @PathVariable String container,
            @PathVariable String path,
            HttpServletRequest request)
            throws IOException {
        return calls.write(workspace, new ArtifactId(origin, container, path), request.getInputStream());
    }

    /** The slash at the end of the path as it was sent: the repair of paths drops it, here it says "folder". */
    private static boolean asksForFolder(HttpServletRequest request) {
        HttpServletRequest sent = request;
        while (sent instanceof HttpServletRequestWrapper wrapper
                && wrapper.getRequest() instanceof HttpServletRequest inner) {
            sent = inner;
        }
        return sent.getRequestURI().endsWith("/");
    }
}
