package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.delivery.Deliveries;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.run.RunExecutions;
import dev.malachite.server.run.RunFollowers;
import dev.malachite.server.run.RunRemoval;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.NextLink;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The v2 SDK's jobs. A job is a run: the same id, the same history. */
@RestController
class JobController {

    private static final String JOBS = WorkspaceRef.PATH + "/jobs";
    private static final String JOB = JOBS + "/{name}";

    private static final int PAGE = 100;

    private final NewJobs jobs;
    private final Submissions submissions;
    private final Runs runs;
    private final RunExecutions executions;
    private final RunFollowers followers;
    private final RunRemoval removal;
    private final Deliveries deliveries;

    JobController(
            Submissions submissions,
            Runs runs,
            RunExecutions executions,
            RunFollowers followers,
            RunRemoval removal,
            Deliveries deliveries,
            NewJobs jobs) {
        this.jobs = jobs;
        this.followers = followers;
        this.removal = removal;
        this.deliveries = deliveries;
        this.executions = executions;
        this.submissions = submissions;
        this.runs = runs;
    }

    /** A name that exists answers 200 with the old job, unchanged (recorded traffic). */
    @PutMapping(JOB)
    ResponseEntity<ObjectNode> put(
            Workspace workspace, @PathVariable String name, CallerIdentity caller, @Body ObjectNode body) {
        if (runs.exists(workspace.id(), name)) {
            return ResponseEntity.ok(view(workspace, require(workspace, name)));
        }
        if (!(Json.member(body, "properties") instanceof ObjectNode properties)) {
            throw new AzureException(Errors.invalidParameter("properties", "an object is required."));
        }
        jobs.submit(workspace, name, properties, caller.name());
        return ResponseEntity.status(201).body(view(workspace, require(workspace, name)));
    }

    @GetMapping(JOBS)
    ObjectNode list(
            Workspace workspace,
            @RequestParam(defaultValue = "ActiveOnly") String listViewType,
            @RequestParam(name = "$skip", required = false) @Nullable String skip,
            @RequestParam(required = false) @Nullable String jobType,
            @RequestParam(required = false) @Nullable String tag,
            @RequestParam(required = false) @Nullable String properties,
            @RequestParam(required = false) @Nullable Boolean scheduled,
            @RequestParam(required = false) @Nullable String scheduleId,
            HttpServletRequest request) {
        Filter wanted = Filter.all(
                JobFilters.of(listViewType, jobType, tag, properties), JobFilters.scheduled(scheduled, scheduleId));
        Slice<RunView> slice = runs.listTopLevel(workspace.id(), wanted, Page.of(null, skip, PAGE));
        Map<String, ObjectNode> definitions = runs.definitions(
                workspace.id(), slice.items().stream().map(RunView::runId).toList());
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        for (RunView run : slice.items()) {
            value.add(JobView.of(workspace, run, Optional.ofNullable(definitions.get(run.runId())), executions));
        }
        slice.next().ifPresent(next -> page.put("nextLink", NextLink.of(request, "$skip", next)));
        return page;
    }

    @GetMapping(JOB)
    ObjectNode get(Workspace workspace, @PathVariable String name) {
        RunView run = require(workspace, name);
        followers.polls(run.id());
        return view(workspace, run);
    }

    @PostMapping(JOB + "/cancel")
    ResponseEntity<ObjectNode> cancel(Workspace workspace, @PathVariable String name) {
        submissions.cancel(workspace, name);
        // Of one that has ended there is nothing to wait for (recorded traffic).
        return require(workspace, name).isFinal()
                ? ResponseEntity.ok(Json.object())
                : JobOperations.canceling(workspace, name);
    }

    @DeleteMapping(JOB)
    ResponseEntity<ObjectNode> delete(Workspace workspace, @PathVariable String name) throws IOException {
        Optional<RunView> run = runs.find(workspace.id(), name);
        if (run.isEmpty()) {
            return ResponseEntity.noContent().build();
        }
        if (!run.get().isFinal()) {
            throw new AzureException(Errors.userError("The job '%s' is %s; cancel it before it is deleted."
                    .formatted(name, run.get().status())));
        }
        Optional<RunView> below = removal.unfinishedBelow(run.get().id());
        if (below.isPresent()) {
            throw new AzureException(
                    Errors.userError("The job '%s', a child of '%s', is %s; cancel it before it is deleted."
                            .formatted(below.get().runId(), name, below.get().status())));
        }
        removal.remove(run.get().id());
        return JobOperations.deleting(workspace, name);
    }

    private RunView require(Workspace workspace, String name) {
        return runs.find(workspace.id(), name)
                .orElseThrow(() -> new AzureException(Errors.notFound("Job '%s'".formatted(name))));
    }

    private ObjectNode view(Workspace workspace, RunView run) {
        Optional<ObjectNode> definition = runs.definition(workspace.id(), run.runId());
        ObjectNode job = JobView.of(workspace, run, definition, executions);
        if (run.isFinal()) {
            definition.ifPresent(sent -> deliveries.showPlaces(workspace, run.runId(), sent, job));
        }
        return job;
    }
}
