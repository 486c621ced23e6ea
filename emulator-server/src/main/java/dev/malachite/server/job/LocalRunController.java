package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.identity.RunScope;
import dev.malachite.server.secret.WorkspaceRegistries;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** The v1 SDK's submission to its own machine: a form of files comes, a ZIP goes back. */
@RestController
class LocalRunController {

    private static final String DEFINITION = "definition.json";
    private static final int MOST_BYTES = 1_000_000;

    private final LocalRuns locals;
    private final RunScope scope;
    private final WorkspaceRegistries registries;

    LocalRunController(LocalRuns locals, RunScope scope, WorkspaceRegistries registries) {
        this.registries = registries;
        this.locals = locals;
        this.scope = scope;
    }

    @PostMapping("/execution/v1.0" + WorkspaceRef.PATH + "/experiments/{experiment}/localrun")
    ResponseEntity<byte[]> submit(
            Workspace workspace,
            @PathVariable String experiment,
            @RequestParam String runId,
            CallerIdentity caller,
            HttpServletRequest request)
            throws IOException, ServletException {
        RunConfiguration configuration = new RunConfiguration(definition(request));
        registries.takeFrom(workspace.id(), Json.objectAt(configuration.configuration(), "environment"));
        scope.requireCreatable(runId, configuration.parentRunId());
        byte[] zip = locals.begin(
                workspace,
                experiment,
                runId,
                configuration,
                caller.name(),
                Caller.current().base());
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("application/zip"))
                .body(zip);
    }

    /** Both parts are called {@code files}; only their file names tell them apart. */
    private static ObjectNode definition(HttpServletRequest request) throws IOException, ServletException {
        String type = request.getContentType();
        if (type == null || !type.startsWith("multipart/form-data")) {
            throw new AzureException(
                    Errors.invalidContent("multipart/form-data with a file '%s' is expected".formatted(DEFINITION)));
        }
        for (Part part : request.getParts()) {
            if (DEFINITION.equals(part.getSubmittedFileName())) {
                return read(part);
            }
        }
        throw new AzureException(Errors.invalidContent("the file '%s' is missing".formatted(DEFINITION)));
    }

    private static ObjectNode read(Part part) throws IOException {
        byte[] bytes = part.getInputStream().readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new AzureException(Errors.tooLarge("The run configuration", MOST_BYTES));
        }
        try {
            if (Json.mapper().readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new AzureException(Errors.invalidContent(e.getOriginalMessage()));
        }
        throw new AzureException(Errors.invalidContent("'%s' must be an object".formatted(DEFINITION)));
    }
}
