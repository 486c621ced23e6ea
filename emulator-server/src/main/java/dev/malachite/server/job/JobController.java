package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** The v2 SDK's jobs. A job is a run: the same id, the same history. */
@RestController
class JobController {

    private static final String JOBS = WorkspaceRef.PATH + "/jobs";
    private static final String JOB = JOBS + "/{name}";

    private final Submissions submissions;
    private final Runs runs;

    JobController(Submissions submissions, Runs runs) {
        this.submissions = submissions;
        this.runs = runs;
    }

    /** A name that exists answers 200 with the old job, unchanged (recorded traffic). */
    @PutMapping(JOB)
    ResponseEntity<ObjectNode> put(
            Workspace workspace, @PathVariable String name, CallerIdentity caller, @Body ObjectNode body) {
        Optional<RunView> known = runs.find(workspace.id(), name);
        if (known.isPresent()) {
            return ResponseEntity.ok(view(workspace, known.get()));
        }
        if (!(Json.member(body, "properties") instanceof ObjectNode properties)) {
            throw new AzureException(Errors.invalidParameter("properties", "an object is required."));
        }
        CommandJob job = new CommandJob(properties);
        job.check();
        submissions.submit(workspace, name, job, caller.name());
        return ResponseEntity.status(201).body(get(workspace, name));
    }

    @GetMapping(JOB)
    ObjectNode get(Workspace workspace, @PathVariable String name) {
        return runs.find(workspace.id(), name)
                .map(run -> view(workspace, run))
                .orElseThrow(() -> new AzureException(Errors.notFound("Job '%s'".formatted(name))));
    }

    @PostMapping(JOB + "/cancel")
    ResponseEntity<ObjectNode> cancel(Workspace workspace, @PathVariable String name) {
        submissions.cancel(workspace, name);
        return ResponseEntity.ok(Json.object());
    }

    private ObjectNode view(Workspace workspace, RunView run) {
        return JobView.of(workspace, run, runs.definition(workspace.id(), run.runId()));
    }
}
