package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.run.RunExecutions;
import dev.malachite.server.run.RunFilters;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;
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

    JobController(NewJobs jobs, Submissions submissions, Runs runs, RunExecutions executions) {
        this.jobs = jobs;
        this.executions = executions;
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
        jobs.submit(workspace, name, properties, caller.name());
        return ResponseEntity.status(201).body(get(workspace, name));
    }

    @GetMapping(JOBS)
    ObjectNode list(
            Workspace workspace,
            @RequestParam(defaultValue = "ActiveOnly") String listViewType,
            @RequestParam(name = "$skip", required = false) @Nullable String skip,
            @RequestParam(required = false) @Nullable String tag,
            HttpServletRequest request) {
        List<Filter> filters = new ArrayList<>();
        switch (listViewType.toLowerCase(Locale.ROOT)) {
            case "activeonly" -> filters.add(RunFilters.hidden(false));
            case "archivedonly" -> filters.add(RunFilters.hidden(true));
            case "all" -> {}
            default ->
                throw new AzureException(
                        Errors.invalidParameter("listViewType", "it is ActiveOnly, ArchivedOnly or All."));
        }
        if (tag != null) {
            filters.add(RunFilters.tagged(tag));
        }
        filters.add(RunFilters.topLevel());
        Slice<RunView> slice = runs.list(workspace.id(), new Filter.All(filters), Page.of(null, skip, PAGE));
        Map<String, ObjectNode> definitions = runs.definitions(
                workspace.id(), slice.items().stream().map(RunView::runId).toList());
        ObjectNode page = Json.object();
        ArrayNode value = page.putArray("value");
        for (RunView run : slice.items()) {
            value.add(JobView.of(workspace, run, Optional.ofNullable(definitions.get(run.runId())), executions));
        }
        slice.next()
                .ifPresent(next -> page.put(
                        "nextLink",
                        UriComponentsBuilder.fromUriString(Caller.of(request).base() + request.getRequestURI())
                                .query(request.getQueryString())
                                .replaceQueryParam("$skip", next)
                                .build()
                                .toUriString()));
        return page;
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
        return JobView.of(workspace, run, runs.definition(workspace.id(), run.runId()), executions);
    }
}
