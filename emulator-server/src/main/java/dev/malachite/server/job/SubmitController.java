package dev.malachite.server.job;

import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.identity.RunScope;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** The v1 SDK's execution service: submit a snapshot with a run configuration, cancel a run. */
@RestController
class SubmitController {

    private static final String EXPERIMENT = "/execution/v1.0" + WorkspaceRef.PATH + "/experiments/{experiment}";

    private final Submissions submissions;
    private final RunScope scope;

    SubmitController(Submissions submissions, RunScope scope) {
        this.submissions = submissions;
        this.scope = scope;
    }

    @PostMapping(EXPERIMENT + "/snapshotrun")
    ObjectNode submit(
            Workspace workspace,
            @PathVariable String experiment,
            @RequestParam String runId,
            CallerIdentity caller,
            @Body ObjectNode body) {
        RunConfiguration configuration = new RunConfiguration(Configuration2018.today(body));
        scope.requireCreatable(runId, configuration.parentRunId());
        configuration.check();
        submissions.submit(workspace, experiment, runId, configuration, caller.name());
        return Json.object().put("runId", runId);
    }

    /** For a run that has ended there is nothing to cancel; the service answers 200 all the same. */
    @PostMapping(EXPERIMENT + "/runId/{runId}/cancel")
    ResponseEntity<ObjectNode> cancel(Workspace workspace, @PathVariable String runId) {
        submissions.cancel(workspace, runId);
        return ResponseEntity.ok(Json.object());
    }

    /** {@code Run.clean}: what a run leaves on a node goes with its container, so there is nothing to remove. */
    @PostMapping(EXPERIMENT + "/clean")
    List<String> clean(Workspace workspace) {
        return List.of();
    }
}
