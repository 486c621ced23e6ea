package dev.malachite.server.job;

import dev.malachite.server.run.RunExecutions;
import dev.malachite.server.run.RunView;
import dev.malachite.server.sweep.HyperDriveView;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A run as the v2 SDK sees it. One that the v1 SDK submitted is shown as a command job too. */
final class JobView {

    private JobView() {}

    static ObjectNode of(Workspace workspace, RunView run, Optional<ObjectNode> definition, RunExecutions executions) {
        ObjectNode job = Json.object();
        job.put("id", workspace.armId() + "/jobs/" + run.runId());
        job.put("name", run.runId());
        job.put("type", "Microsoft.MachineLearningServices/workspaces/jobs");
        ObjectNode properties = definition
                .map(document -> shown(workspace, document))
                .orElseGet(JobView::ofNoJob)
                .deepCopy();
        job.set("properties", properties);
        properties.put("status", run.status());
        properties.put("displayName", run.displayName().orElse(run.runId()));
        run.description().ifPresent(text -> properties.put("description", text));
        properties.put("experimentName", run.experiment());
        properties.put("isArchived", run.hidden());
        put(properties.putObject("tags"), run.tags().asMap());
        ObjectNode more = properties.putObject("properties");
        put(more, run.properties().asMap());
        RunExecutions.describe(run, executions.of(run.id()), more);
        services(workspace, run, properties);
        outputs(run, properties, definition.isPresent());
        ObjectNode system = job.putObject("systemData");
        system.put("createdAt", run.created().toString());
        system.put("createdBy", run.createdBy());
        system.put("createdByType", "User");
        return job;
    }

    /**
     * A submitted job's own files are an output too; the SDK streams and downloads from there. One that was sent came from
     * another job, which was fetched and submitted again. Not of a sweep: the SDK would take all names that begin like its
     * own, and so those of its trials; without it, it asks for the folder.
     */
    private static void outputs(RunView run, ObjectNode properties, boolean submitted) {
        ObjectNode outputs =
                properties.path("outputs") instanceof ObjectNode given ? given : properties.putObject("outputs");
        boolean another = outputs.path("default").path("uri").asString("").contains("/ExperimentRun/dcid.");
        if (properties.path("jobType").asString("").equals("Sweep")) {
            outputs.remove("default");
        } else if (submitted && (!outputs.has("default") || another)) {
            ObjectNode own = outputs.putObject("default");
            own.putNull("description");
            own.put("uri", "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid." + run.runId());
            own.putNull("assetName");
            own.put("mode", "ReadWriteMount");
            own.put("jobOutputType", "uri_folder");
        }
    }

    /** A run that was never submitted, of MLflow or interactive: the SDK's lists break on any type that they do not know. */
    private static ObjectNode ofNoJob() {
        return Json.object().put("jobType", "Command").put("command", "").putNull("environmentId");
    }

    /** The SDK calls {@code .get("Studio")} on the services: they must be an object. */
    private static void services(Workspace workspace, RunView run, ObjectNode properties) {
        Caller caller = Caller.current();
        ObjectNode services =
                properties.path("services") instanceof ObjectNode given ? given : properties.putObject("services");
        services.putObject("Tracking")
                .put("jobServiceType", "Tracking")
                .put("endpoint", "azureml://%s/mlflow/v1.0%s".formatted(caller.host(), workspace.armId()));
        services.putObject("Studio")
                .put("jobServiceType", "Studio")
                .put("endpoint", "%s/runs/%s?wsid=%s".formatted(caller.base(), run.runId(), workspace.armId()));
    }

    private static ObjectNode shown(Workspace workspace, ObjectNode document) {
        if (HyperDriveView.is(document)) {
            return new HyperDriveView(document).asJob(workspace.armId());
        }
        return document.has("Configuration") ? fromRunConfiguration(workspace, document) : document;
    }

    private static ObjectNode fromRunConfiguration(Workspace workspace, ObjectNode submission) {
        RunConfiguration configuration = new RunConfiguration(submission);
        ObjectNode job = Json.object();
        job.put("jobType", "Command");
        job.put(
                "command",
                configuration
                        .command()
                        .orElseGet(() -> ("python " + configuration.script().orElse("") + " "
                                        + String.join(" ", configuration.arguments()))
                                .strip()));
        job.put("computeId", workspace.armId() + "/computes/" + configuration.target());
        job.put("environmentId", workspace.armId() + "/environments/v1/versions/1");
        job.putObject("inputs");
        job.putObject("outputs");
        ObjectNode variables = job.putObject("environmentVariables");
        put(variables, configuration.environmentVariables());
        return job;
    }

    private static void put(ObjectNode object, Map<String, String> strings) {
        strings.forEach(object::put);
    }
}
