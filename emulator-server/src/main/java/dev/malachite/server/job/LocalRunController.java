package dev.malachite.server.job;

import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.identity.RunScope;
import dev.malachite.server.secret.WorkspaceRegistries;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.FormBodies;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The v1 SDK's submission to its own machine: a form of files comes, a ZIP goes back. */
@RestController
class LocalRunController {

    private final LocalRuns locals;
    private final RunScope scope;
    private final WorkspaceRegistries registries;
    private final FormBodies forms;

    LocalRunController(LocalRuns locals, RunScope scope, WorkspaceRegistries registries, FormBodies forms) {
        this.forms = forms;
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
        RunConfiguration configuration =
                new RunConfiguration(Configuration2018.today(SubmissionForm.definition(request, forms)));
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
}
