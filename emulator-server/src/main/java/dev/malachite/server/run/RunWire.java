package dev.malachite.server.run;

import dev.malachite.server.database.Slice;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.WorkspaceRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs in run history's own shapes. */
final class RunWire {

    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    private final WorkspaceRef workspace;
    private final String base;
    private final RunExecutions executions;

    /**
     * For one answer.
     *
     * @param base how its reader calls us
     */
    RunWire(WorkspaceRef workspace, String base, RunExecutions executions) {
        this.workspace = workspace;
        this.base = base;
        this.executions = executions;
    }

    /** The RunDto; the SDKs read all keys as optional but run id, status, experiment id, properties and tags. */
    ObjectNode run(RunView run) {
        // What clients sent besides comes first; what we know wins.
        ObjectNode node = run.document().deepCopy();
        node.put("runNumber", run.number());
        node.put("rootRunId", run.root());
        node.put("createdUtc", run.created().toString());
        ObjectNode by = node.putObject("createdBy");
        by.put("userObjectId", guid(run.createdBy()));
        by.put("userTenantId", NOBODY);
        by.put("userName", run.createdBy());
        node.put("userId", guid(run.createdBy()));
        node.putNull("token");
        node.putNull("tokenExpiryTimeUtc");
        node.set("error", error(run));
        keepOr(node, "warnings");
        node.put("runId", run.runId());
        node.put("parentRunId", run.parent().orElse(null));
        node.put("experimentId", run.experimentId());
        node.put("status", run.status());
        node.put("startTimeUtc", text(run.started()));
        node.put("endTimeUtc", text(run.ended()));
        if (!node.path("heartbeatEnabled").isBoolean()) {
            node.put("heartbeatEnabled", false);
        }
        if (!node.path("options").isObject()) {
            node.putObject("options").put("generateDataContainerIdIfNotSpecified", true);
        }
        node.put("name", run.name().orElse(null));
        node.put("displayName", run.displayName().orElse(null));
        node.put("dataContainerId", "dcid." + run.runId());
        node.put("description", run.description().orElse(null));
        node.put("hidden", run.hidden());
        node.put("runType", run.runType().orElse(null));
        node.put("runUuid", guid(run.id().toString()));
        node.put("rootRunUuid", guid(run.id().workspace() + "/" + run.root()));
        Optional<RunExecutions.Standing> now = executions.of(run.id());
        node.set("properties", properties(run, now));
        node.put("scriptName", run.script().orElse(null));
        node.put("target", run.target().orElse(null));
        node.set("tags", run.tags().json());
        node.putNull("runDefinition");
        node.put("cancelUri", cancelUri(run));
        keepOr(node, "diagnosticsUri");
        keepOr(node, "primaryMetricName");
        node.set("queueingInfo", queueing(run, now));
        return node;
    }

    /**
     * What streaming clients poll.
     *
     * @param logFiles URLs by path
     */
    ObjectNode details(RunView run, Optional<ObjectNode> definition, ObjectNode logFiles) {
        ObjectNode node = Json.object();
        node.put("runId", run.runId());
        node.put("target", run.target().orElse(null));
        node.put("status", run.status());
        node.put("startTimeUtc", text(run.started()));
        node.put("endTimeUtc", text(run.ended()));
        node.set("services", Json.objectAt(run.document(), "services"));
        node.set("properties", properties(run, executions.of(run.id())));
        node.set("inputDatasets", DatasetLineage.of(run, definition));
        node.set("outputDatasets", list(run, "outputDatasets"));
        node.set("runDefinition", definition.map(RunWire::configuration).orElse(null));
        node.set("error", error(run));
        node.set("warnings", list(run, "warnings"));
        node.set("logFiles", logFiles);
        node.put("submittedBy", run.createdBy());
        return node;
    }

    /** Of what the v1 SDK submits, the part that it calls the run's definition; a v2 job is one as a whole. */
    private static ObjectNode configuration(ObjectNode submitted) {
        return Json.member(submitted, "Configuration") instanceof ObjectNode configuration ? configuration : submitted;
    }

    ObjectNode list(Slice<RunView> slice) {
        ObjectNode answer = Json.object();
        ArrayNode value = answer.putArray("value");
        slice.items().forEach(run -> value.add(run(run)));
        answer.put("continuationToken", slice.next().orElse(null));
        answer.putNull("nextLink");
        return answer;
    }

    /** Why a run failed, in the shape that both SDKs unwrap: {@code details} must be a list, or the v1 SDK breaks. */
    static ObjectNode error(String message, Instant when) {
        ObjectNode response = Json.object();
        ObjectNode error = response.putObject("error");
        error.put("code", "UserError");
        error.put("message", message);
        error.put("messageFormat", "{Message}");
        error.putObject("messageParameters").put("Message", message);
        error.putNull("target");
        error.putArray("details");
        error.putObject("innerError").put("code", "UserTrainingScriptFailed").putNull("innerError");
        response.putObject("correlation");
        response.put("environment", "malachite");
        response.put("location", "local");
        response.put("time", when.toString());
        response.put("componentName", "execution-worker");
        return response;
    }

    private static @Nullable ObjectNode error(RunView run) {
        if (!run.status().equals("Failed")) {
            return null;
        }
        Instant when = run.ended().orElse(run.created());
        if (!run.executed() && run.document().path("error") instanceof ObjectNode told) {
            ObjectNode response = error("The run failed.", when);
            response.setAll(told.deepCopy());
            if (response.path("error") instanceof ObjectNode inner
                    && !inner.path("details").isArray()) {
                inner.putArray("details");
            }
            return response;
        }
        return error(run.error().orElse("The run failed."), when);
    }

    /** With the reason why it waits, which the service keeps to itself. */
    private static ObjectNode properties(RunView run, Optional<RunExecutions.Standing> standing) {
        ObjectNode properties = run.properties().json();
        RunExecutions.describe(run, standing, properties);
        return properties;
    }

    private static @Nullable ObjectNode queueing(RunView run, Optional<RunExecutions.Standing> standing) {
        return standing.filter(RunExecutions.Standing::waits)
                .map(now -> Json.object().put("code", run.status()).put("message", now.why()))
                .orElse(null);
    }

    /** Nobody but us can cancel an execution; for other runs the client posts an event. */
    private @Nullable String cancelUri(RunView run) {
        if (!run.executed()) {
            return null;
        }
        return "%s/execution/v1.0%s/experiments/%s/runId/%s/cancel"
                .formatted(
                        base,
                        workspace.armId(),
                        UriUtils.encodePathSegment(run.experiment(), StandardCharsets.UTF_8),
                        run.runId());
    }

    private static ArrayNode list(RunView run, String member) {
        return run.document().path(member) instanceof ArrayNode list ? list : Json.array();
    }

    private static void keepOr(ObjectNode node, String member) {
        if (!node.has(member)) {
            node.putNull(member);
        }
    }

    private static @Nullable String text(Optional<Instant> instant) {
        return instant.map(Instant::toString).orElse(null);
    }

    private static String guid(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
