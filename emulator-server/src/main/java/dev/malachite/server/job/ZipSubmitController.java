package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.identity.RunScope;
import dev.malachite.server.snapshot.SnapshotZips;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.FormBodies;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/**
 * The execution service as azureml-core 0.1 knows it: code comes as a zip with its run, and the id of a run may be ours to
 * choose ({@code docs/wire/execution-2018.md}). Later versions send a zip where they are told to.
 */
@RestController
class ZipSubmitController {

    private static final String EXPERIMENT = "/execution/v1.0" + WorkspaceRef.PATH + "/experiments/{experiment}";

    private final Submissions submissions;
    private final SnapshotZips zips;
    private final RunScope scope;
    private final FormBodies forms;

    ZipSubmitController(Submissions submissions, SnapshotZips zips, RunScope scope, FormBodies forms) {
        this.forms = forms;
        this.submissions = submissions;
        this.zips = zips;
        this.scope = scope;
    }

    @PostMapping({EXPERIMENT + "/run", EXPERIMENT + "/startrun"})
    ObjectNode submit(
            Workspace workspace,
            @PathVariable String experiment,
            @RequestParam(required = false) @Nullable String runId,
            CallerIdentity caller,
            HttpServletRequest request)
            throws IOException, ServletException {
        ObjectNode definition = Configuration2018.today(SubmissionForm.definition(request, forms));
        String id = runId == null ? experiment + "_" + UUID.randomUUID() : runId;
        RunConfiguration configuration = new RunConfiguration(definition);
        scope.requireCreatable(id, configuration.parentRunId());
        configuration.check();
        try (InputStream zip = SubmissionForm.part(request, "project.zip").getInputStream()) {
            definition.put("SnapshotId", zips.keep(workspace.id(), zip));
        }
        submissions.submit(workspace, experiment, id, configuration, caller.name());
        return Json.object().put("runId", id);
    }

    @PostMapping(EXPERIMENT + "/cancel")
    ObjectNode cancel(Workspace workspace, @Body ObjectNode body) {
        String run = Json.string(body, "RunId")
                .orElseThrow(() -> new AzureException(Errors.invalidParameter("RunId", "it is required.")));
        submissions.cancel(workspace, run);
        return Json.object();
    }

    @PostMapping({
        EXPERIMENT + "/prepare",
        EXPERIMENT + "/snapshotprepare",
        EXPERIMENT + "/checkprepare",
        EXPERIMENT + "/snapshotcheckprepare",
        EXPERIMENT + "/localprepare",
        EXPERIMENT + "/diagnostics"
    })
    ObjectNode unsupported() {
        throw new AzureException(Errors.userError(
                "Preparing a target and diagnostics of a run are not supported by this version of Malachite: submit the run,"
                        + " which prepares what it needs, and read its logs."));
    }
}
