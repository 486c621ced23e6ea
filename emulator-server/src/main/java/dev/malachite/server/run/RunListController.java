package dev.malachite.server.run;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Ordering;
import dev.malachite.server.database.Page;
import dev.malachite.server.identity.RunScope;
import dev.malachite.server.web.Author;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Many runs at once: queries, batches, and v2's bundle of what is known about a run. */
@RestController
class RunListController {

    private static final int PAGE = 500;
    private static final int MAX_BATCH = 1_000;

    private final Runs runs;
    private final RunExecutions executions;
    private final RunChanges changes;
    private final RunEvents events;
    private final RunAddress address;
    private final RunScope scope;
    private final Clock clock;

    RunListController(
            Runs runs,
            RunChanges changes,
            RunEvents events,
            RunAddress address,
            RunScope scope,
            Clock clock,
            RunExecutions executions) {
        this.executions = executions;
        this.runs = runs;
        this.changes = changes;
        this.events = events;
        this.address = address;
        this.scope = scope;
        this.clock = clock;
    }

    @PostMapping({
        RunAddress.BY_NAME + "/runs:query",
        RunAddress.BY_ID + "/runs:query",
        RunAddress.WORKSPACE + "/runs:query"
    })
    ObjectNode query(Workspace workspace, @PathVariable Map<String, String> path, @Body ObjectNode body) {
        Filter scope = address.experimentName(workspace, path)
                .map(name -> Filter.eq("ExperimentName", name))
                .orElse(Filter.all());
        return list(
                workspace,
                Filter.all(scope, Filter.parse(text(body, "filter").orElse(""))),
                text(body, "orderby").orElse(""),
                Page.of(top(body).orElse(null), text(body, "continuationToken").orElse(null), PAGE));
    }

    /** Taken for absent, a filter of a wrong kind would find everything. */
    private static Optional<String> text(ObjectNode body, String name) {
        return given(body, name).map(value -> {
            if (!value.isString()) {
                throw new AzureException(Errors.invalidParameter(name, "a string is expected."));
            }
            return value.stringValue();
        });
    }

    private static Optional<Integer> top(ObjectNode body) {
        return given(body, "top").map(value -> {
            if (!value.isInt()) {
                throw new AzureException(Errors.invalidParameter("top", "a whole number is expected."));
            }
            return value.intValue();
        });
    }

    private static Optional<JsonNode> given(ObjectNode body, String name) {
        JsonNode value = Json.member(body, name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    @GetMapping({RunAddress.BY_NAME + "/runs", RunAddress.BY_ID + "/runs", RunAddress.WORKSPACE + "/runs"})
    ObjectNode list(
            Workspace workspace,
            @PathVariable Map<String, String> path,
            @RequestParam(name = "$filter", defaultValue = "") String filter,
            @RequestParam(name = "$orderby", defaultValue = "") String order,
            @RequestParam(name = "$top", required = false) @Nullable Integer top,
            @RequestParam(name = "$continuationToken", required = false) @Nullable String token) {
        Filter scope = address.experimentName(workspace, path)
                .map(name -> Filter.eq("ExperimentName", name))
                .orElse(Filter.all());
        return list(workspace, Filter.all(scope, Filter.parse(filter)), order, Page.of(top, token, PAGE));
    }

    /** Without a filter the active ones: that is what {@code get_active_runs} shows. */
    @GetMapping(RunAddress.WORKSPACE + "/computes/{compute}/runs")
    ObjectNode onCompute(
            Workspace workspace,
            @PathVariable String compute,
            @RequestParam(name = "$filter", defaultValue = "") String filter,
            @RequestParam(name = "$top", required = false) @Nullable Integer top,
            @RequestParam(name = "$continuationToken", required = false) @Nullable String token) {
        return list(
                workspace,
                Filter.all(
                        RunFilters.target(compute), RunFilters.executed(), RunFilters.active(), Filter.parse(filter)),
                "",
                Page.of(top, token, PAGE));
    }

    @PatchMapping({RunAddress.BY_NAME + "/batch/runs", RunAddress.BY_ID + "/batch/runs"})
    ObjectNode batch(Workspace workspace, @PathVariable Map<String, String> path, @Body ObjectNode body) {
        String experiment = address.experimentName(workspace, path).orElseThrow();
        RunWire wire = wire(workspace);
        ObjectNode answer = Json.object();
        ObjectNode made = answer.putObject("runs");
        ObjectNode errors = answer.putObject("errors");
        for (JsonNode item : batchOf(body, "runs")) {
            String runId = Json.string(item, "runId").orElse("");
            try {
                scope.requireCreatable(runId, Json.string(item, "parentRunId"));
                RunView run = changes.patchOrCreate(workspace.id(), experiment, runId, object(item), Author.current());
                made.set(runId, wire.run(run));
            } catch (AzureException e) {
                errors.set(runId, error(e.error()));
            }
        }
        return answer;
    }

    @PostMapping({
        RunAddress.BY_NAME + "/batch/events",
        RunAddress.BY_ID + "/batch/events",
        RunAddress.BY_NAME + "/runs/{run}/batch/events",
        RunAddress.BY_ID + "/runs/{run}/batch/events"
    })
    ObjectNode batchEvents(Workspace workspace, @PathVariable Map<String, String> path, @Body ObjectNode body) {
        ObjectNode answer = Json.object();
        ArrayNode errors = answer.putArray("errors");
        for (JsonNode item : batchOf(body, "events")) {
            try {
                String runId = runId(path, Json.string(Json.objectAt(item, "data"), "RunId"));
                scope.requireWritable(runId);
                events.handle(workspace.id(), runId, object(item));
            } catch (AzureException e) {
                ObjectNode failed = errors.addObject();
                failed.set("key", item);
                failed.set("value", error(e.error()));
            }
        }
        return answer;
    }

    /** For azure-ai-ml's {@code jobs.download}: metadata with named outputs, and the definition. */
    @PostMapping({
        RunAddress.WORKSPACE + "/rundata",
        RunAddress.BY_NAME + "/runs/{run}/rundata",
        RunAddress.WORKSPACE + "/runs/{run}/rundata"
    })
    ObjectNode runData(Workspace workspace, @PathVariable Map<String, String> path, @Body ObjectNode body) {
        String runId = runId(path, Json.string(body, "runId"));
        RunView run = runs.find(workspace.id(), runId)
                .orElseThrow(() -> new AzureException(Errors.notFound("Run '" + runId + "'")));
        ObjectNode metadata = wire(workspace).run(run);
        if (!metadata.path("outputs").isObject()) {
            metadata.putObject("outputs");
        }
        ObjectNode answer = Json.object();
        answer.set("runMetadata", metadata);
        answer.set("runDefinition", runs.definition(workspace.id(), runId).orElseGet(Json::object));
        answer.putNull("jobSpecification");
        return answer;
    }

    private ObjectNode list(Workspace workspace, Filter filter, String order, Page page) {
        return wire(workspace).list(runs.list(workspace.id(), filter, Ordering.parse(order), page));
    }

    private ObjectNode error(AzureError error) {
        ObjectNode response = RunWire.error(error.message(), clock.instant());
        Json.objectAt(response, "error").putObject("innerError").put("code", error.code());
        return response;
    }

    /** The path's run, which a body must not contradict: the guard of paths has seen the path's only. */
    private static String runId(Map<String, String> path, Optional<String> inBody) {
        String named = path.get("run");
        if (named == null) {
            return inBody.orElse("");
        }
        inBody.filter(id -> !id.equals(named)).ifPresent(id -> {
            throw new AzureException(
                    Errors.userError("The body names run '%s', the path run '%s'.".formatted(id, named)));
        });
        return named;
    }

    private static ArrayNode batchOf(ObjectNode body, String member) {
        if (!(Json.member(body, member) instanceof ArrayNode items)) {
            throw new AzureException(Errors.invalidContent("'" + member + "' must be a list"));
        }
        if (items.size() > MAX_BATCH) {
            throw new AzureException(Errors.userError(
                    "There are %d %s; at most %d are allowed at once.".formatted(items.size(), member, MAX_BATCH)));
        }
        return items;
    }

    private static ObjectNode object(JsonNode item) {
        if (item instanceof ObjectNode object) {
            return object;
        }
        throw new AzureException(Errors.invalidContent("an object is expected in the list"));
    }

    private RunWire wire(Workspace workspace) {
        return new RunWire(workspace.ref(), Caller.current().base(), executions);
    }
}
