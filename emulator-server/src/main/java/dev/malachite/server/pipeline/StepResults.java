package dev.malachite.server.pipeline;

import dev.malachite.engine.JobId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.web.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Knows which run has already done what a step asks for: the same command, code and environment on the same inputs, with
 * outputs in the same places. As on Azure an input counts by where it lies, not by what is in it.
 */
@Service
class StepResults {

    /** What decides the result, besides its outputs' settings. */
    private static final String[] DECISIVE = {
        "command", "codeId", "environmentId", "environmentVariables", "distribution", "resources", "inputs"
    };

    /** The place below a datastore that an output has by default: another one for each run, and of no other meaning. */
    private static final Pattern USUAL = Pattern.compile("(azureml://datastores/[^/]+/paths/azureml/)[^/]+/[^/]+/?");

    private static final int LOOKED_AT = 20;

    private final JdbcClient jdbc;
    private final Runs runs;

    StepResults(JdbcClient jdbc, Runs runs) {
        this.jdbc = jdbc;
        this.runs = runs;
    }

    /**
     * The latest run that has completed with it.
     *
     * @param run that would do it anew
     */
    Optional<RunView> find(JobId run, ObjectNode job) {
        WorkspaceId workspace = run.workspace();
        return jdbc
                .sql("select run_id from step_result where workspace_id = :workspace and content = :content"
                        + " order by number desc limit :most")
                .param("workspace", workspace.value())
                .param("content", content(run.run(), job))
                .param("most", LOOKED_AT)
                .query(String.class)
                .list()
                .stream()
                .flatMap(each -> runs.find(workspace, each).stream())
                .filter(each -> each.status().equals("Completed"))
                .findFirst();
    }

    /** Notes what the run will have done when it has completed. */
    void note(JobId run, ObjectNode job) {
        int there = jdbc.sql(
                        "update step_result set content = :content where workspace_id = :workspace and run_id = :run")
                .param("workspace", run.workspace().value())
                .param("run", run.run())
                .param("content", content(run.run(), job))
                .update();
        if (there == 0) {
            jdbc.sql("insert into step_result (workspace_id, run_id, content) values (:workspace, :run, :content)")
                    .param("workspace", run.workspace().value())
                    .param("run", run.run())
                    .param("content", content(run.run(), job))
                    .update();
        }
    }

    static String content(String run, ObjectNode job) {
        ObjectNode properties = Json.objectAt(job, "properties");
        String pipeline = Json.string(properties, "azureml.pipelinerunid").orElse(run);
        ObjectNode decisive = Json.object();
        for (String member : DECISIVE) {
            decisive.set(member, job.path(member).isMissingNode() ? Json.object() : job.path(member));
        }
        ObjectNode outputs = decisive.putObject("outputs");
        Json.objectAt(job, "outputs").properties().forEach(output -> {
            ObjectNode settings = (ObjectNode) output.getValue().deepCopy();
            settings.put("uri", place(Json.string(settings, "uri").orElse(""), run, pipeline));
            outputs.set(output.getKey(), settings);
        });
        return hash(Json.text(sorted(decisive)));
    }

    /** Without the names of runs, which a user wrote as {@code ${{name}}}. */
    private static String place(String uri, String run, String pipeline) {
        Matcher usual = USUAL.matcher(uri);
        return usual.matches() ? usual.group(1) : uri.replace(run, "").replace(pipeline, "");
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ArrayNode array) {
            ArrayNode copy = Json.array();
            array.forEach(element -> copy.add(sorted(element)));
            return copy;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        Map<String, JsonNode> members = new TreeMap<>();
        object.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
        ObjectNode copy = Json.object();
        members.forEach(copy::set);
        return copy;
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
