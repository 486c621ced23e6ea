package dev.malachite.server.hyperdrive;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.secret.WorkspaceRegistries;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.FormBodies;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** HyperDrive's own routes, as azureml-train-core uses them (its {@code restclients/hyperdrive}). */
@RestController
@RequestMapping("/hyperdrive/v1.0" + WorkspaceRef.PATH + "/experiments/{experiment}")
class HyperDriveController {

    private final Sweeps sweeps;
    private final Commands commands;
    private final Runs runs;
    private final WorkspaceRegistries registries;
    private final FormBodies forms;

    HyperDriveController(
            Sweeps sweeps, Commands commands, Runs runs, WorkspaceRegistries registries, FormBodies forms) {
        this.forms = forms;
        this.registries = registries;
        this.sweeps = sweeps;
        this.commands = commands;
        this.runs = runs;
    }

    @PostMapping("/runs")
    ResponseEntity<ObjectNode> create(
            Workspace workspace, @PathVariable String experiment, CallerIdentity caller, HttpServletRequest request)
            throws IOException, ServletException {
        return create(workspace, Optional.empty(), experiment, newId(), caller, request);
    }

    @PostMapping("/runs/{parent}")
    ResponseEntity<ObjectNode> createBelow(
            Workspace workspace,
            @PathVariable String experiment,
            @PathVariable String parent,
            CallerIdentity caller,
            HttpServletRequest request)
            throws IOException, ServletException {
        RunView above = require(workspace, parent);
        return create(workspace, Optional.of(above.runId()), experiment, newId(), caller, request);
    }

    @PostMapping("/hdruns/{run}")
    ResponseEntity<ObjectNode> createNamed(
            Workspace workspace,
            @PathVariable String experiment,
            @PathVariable String run,
            CallerIdentity caller,
            HttpServletRequest request)
            throws IOException, ServletException {
        return create(workspace, Optional.empty(), experiment, run, caller, request);
    }

    @PostMapping("/runs/{run}/cancel")
    ObjectNode cancel(Workspace workspace, @PathVariable String run) {
        RunView sweep = require(workspace, run);
        commands.execute(new Command.CancelJob(sweep.id()));
        return Json.object().put("code", 200).put("result", "Cancellation of '%s' is requested.".formatted(run));
    }

    private ResponseEntity<ObjectNode> create(
            Workspace workspace,
            Optional<String> parent,
            String experiment,
            String run,
            CallerIdentity caller,
            HttpServletRequest request)
            throws IOException, ServletException {
        ObjectNode body = config(request);
        registries.takeFrom(workspace.id(), Json.objectAt(new HyperDriveForm(body).configuration(), "environment"));
        sweeps.hyperDrive(workspace, parent, experiment, run, body, caller.name());
        RunView made = require(workspace, run);
        return ResponseEntity.status(201).body(answer(body, made));
    }

    private RunView require(Workspace workspace, String run) {
        return runs.find(workspace.id(), run)
                .orElseThrow(() -> new AzureException(Errors.notFound("Run '" + run + "'")));
    }

    private static String newId() {
        return "HD_" + UUID.randomUUID();
    }

    private ObjectNode config(HttpServletRequest request) throws IOException, ServletException {
        String type = Optional.ofNullable(request.getContentType()).orElse("");
        if (!type.startsWith("multipart/form-data")) {
            throw new AzureException(Errors.invalidContent("multipart/form-data with a part 'config' is expected"));
        }
        Part part = request.getPart("config");
        if (part == null) {
            throw new AzureException(Errors.invalidContent("the part 'config' is missing"));
        }
        return forms.read(request, part, "The experiment");
    }

    /** The SDK reads {@code platform_config.ParentRunId}; the rest is what its model of the answer requires. */
    private static ObjectNode answer(ObjectNode experiment, RunView run) {
        ObjectNode result = experiment.deepCopy();
        ObjectNode platform = Json.objectAt(experiment, "platform_config").deepCopy();
        platform.put("ParentRunId", run.runId());
        result.set("platform_config", platform);
        result.put("all_jobs_generated", false);
        result.put("cancellation_requested", false);
        result.put("created", run.created().toString());
        result.put("modified", run.created().toString());
        result.put("created_by_user_id", 0);
        result.put("experiment_id", run.experimentId());
        result.put("hyperdrive_run_id", run.runId());
        result.put("status", "RUNNING");
        result.put("study_id", 0);
        ObjectNode answer = Json.object().put("code", 201);
        answer.set("result", result);
        return answer;
    }
}
