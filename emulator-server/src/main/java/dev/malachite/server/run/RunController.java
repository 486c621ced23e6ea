package dev.malachite.server.run;

import dev.malachite.api.Errors;
import dev.malachite.server.artifact.Artifacts;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Ordering;
import dev.malachite.server.database.Page;
import dev.malachite.server.database.Slice;
import dev.malachite.server.identity.RunScope;
import dev.malachite.server.web.Author;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.NextLink;
import dev.malachite.server.workspace.Workspace;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One run, as both SDKs read and change it. */
@RestController
@RequestMapping({
    RunAddress.BY_NAME + "/runs/{run}",
    RunAddress.BY_ID + "/runs/{run}",
    RunAddress.WORKSPACE + "/runs/{run}"
})
class RunController {

    private static final int CHILDREN = 500;
    private static final int MAX_TAG_LIST = 64 * 1024;

    /** Where logs are; the rest of a run's files are its outputs. */
    private static final List<String> LOGS = List.of("azureml-logs/", "logs/azureml/", "system_logs/", "user_logs/");

    private final Runs runs;
    private final RunExecutions executions;
    private final RunFollowers followers;
    private final RunChanges changes;
    private final RunEvents events;
    private final RunAddress address;
    private final Artifacts artifacts;
    private final ObjectProvider<RunTokens> tokens;
    private final RunScope scope;

    RunController(
            Runs runs,
            RunChanges changes,
            RunEvents events,
            RunAddress address,
            Artifacts artifacts,
            ObjectProvider<RunTokens> tokens,
            RunScope scope,
            RunExecutions executions,
            RunFollowers followers) {
        this.followers = followers;
        this.executions = executions;
        this.runs = runs;
        this.changes = changes;
        this.events = events;
        this.address = address;
        this.artifacts = artifacts;
        this.tokens = tokens;
        this.scope = scope;
    }

    @GetMapping
    ObjectNode get(Workspace workspace, @PathVariable Map<String, String> path) {
        RunView run = address.run(workspace, path);
        followers.polls(run.id());
        return wire(workspace).run(run);
    }

    @PatchMapping
    ObjectNode patch(Workspace workspace, @PathVariable Map<String, String> path, @Body ObjectNode body) {
        Optional<String> experiment = address.experimentName(workspace, path);
        String runId = path.getOrDefault("run", "");
        scope.requireCreatable(runId, Json.string(body, "parentRunId"));
        RunView run = experiment.isPresent()
                ? changes.patchOrCreate(workspace.id(), experiment.get(), runId, body, Author.current())
                : changes.patch(workspace.id(), runId, body)
                        .orElseThrow(() -> new AzureException(Errors.notFound("Run '" + runId + "'")));
        return wire(workspace).run(run);
    }

    @GetMapping("/details")
    ObjectNode details(
            Workspace workspace,
            @PathVariable Map<String, String> path,
            @RequestHeader(name = "User-Agent", required = false) @Nullable String agent) {
        RunView run = address.run(workspace, path);
        followers.follows(run.id());
        Optional<ObjectNode> definition = runs.definition(workspace.id(), run.runId());
        return wire(workspace).details(run, definition, LogNames.of(agent, definition, logFiles(workspace, run)));
    }

    @GetMapping("/children")
    ObjectNode children(
            Workspace workspace,
            @PathVariable Map<String, String> path,
            @RequestParam(name = "$filter", defaultValue = "") String filter,
            @RequestParam(name = "$orderby", defaultValue = "") String order,
            @RequestParam(name = "$top", required = false) @Nullable Integer top,
            @RequestParam(name = "$continuationToken", required = false) @Nullable String token,
            HttpServletRequest request) {
        RunView run = address.run(workspace, path);
        Slice<RunView> slice = runs.list(
                workspace.id(),
                Filter.all(Filter.eq("ParentRunId", run.runId()), Filter.parse(filter)),
                Ordering.parse(order),
                Page.of(top, token, CHILDREN));
        ObjectNode answer = wire(workspace).list(slice);
        slice.next().ifPresent(next -> answer.put("nextLink", NextLink.of(request, "$continuationToken", next)));
        return answer;
    }

    /** A DELETE with a body, and a list: that is what azureml-core sends. */
    @DeleteMapping("/tags")
    ObjectNode removeTags(Workspace workspace, @PathVariable Map<String, String> path, InputStream body)
            throws IOException {
        RunView run = address.run(workspace, path);
        List<String> names = names(body.readNBytes(MAX_TAG_LIST + 1));
        return wire(workspace)
                .run(changes.removeTags(workspace.id(), run.runId(), names).orElse(run));
    }

    @PostMapping("/events")
    void event(Workspace workspace, @PathVariable Map<String, String> path, @Body ObjectNode body) {
        events.handle(workspace.id(), address.run(workspace, path).runId(), body);
    }

    @GetMapping("/token")
    ObjectNode token(Workspace workspace, @PathVariable Map<String, String> path) {
        String runId = address.run(workspace, path).runId();
        scope.requireSelf(runId);
        RunTokens.RunToken token = tokens.getObject().issue(workspace.ref(), runId);
        return Json.object()
                .put("token", token.value())
                .put("expiryTimeUtc", token.expires().toString());
    }

    /** Metrics are kept before their request is answered: there is nothing to wait for. */
    @GetMapping("/metricsingest/wait")
    void metricsIngested(Workspace workspace, @PathVariable Map<String, String> path) {
        address.run(workspace, path);
    }

    @GetMapping("/serviceinstances/{node}")
    ObjectNode services(Workspace workspace, @PathVariable Map<String, String> path) {
        RunView run = address.run(workspace, path);
        return RunServices.of(runs.definition(workspace.id(), run.runId()));
    }

    private ObjectNode logFiles(Workspace workspace, RunView run) {
        ObjectNode logs = Json.object();
        for (String prefix : LOGS) {
            for (String path : artifacts.list(workspace.id(), run.runId(), prefix)) {
                logs.put(path, artifacts.readUrl(workspace.id(), run.runId(), path));
            }
        }
        return logs;
    }

    private static List<String> names(byte[] body) {
        if (body.length > MAX_TAG_LIST) {
            throw new AzureException(Errors.tooLarge("The list of tags", MAX_TAG_LIST));
        }
        try {
            JsonNode list = Json.mapper().readTree(body);
            if (list.isArray() && list.valueStream().allMatch(JsonNode::isString)) {
                return list.valueStream().map(JsonNode::stringValue).toList();
            }
        } catch (JacksonException e) {
            throw new AzureException(Errors.invalidContent(e.getOriginalMessage()));
        }
        throw new AzureException(Errors.invalidContent("a list of tag names is expected"));
    }

    private RunWire wire(Workspace workspace) {
        return new RunWire(workspace.ref(), Caller.current().base(), executions);
    }
}
