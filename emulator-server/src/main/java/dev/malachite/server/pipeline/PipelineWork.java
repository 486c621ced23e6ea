package dev.malachite.server.pipeline;

import dev.malachite.api.Errors;
import dev.malachite.engine.Child;
import dev.malachite.engine.Command;
import dev.malachite.engine.JobId;
import dev.malachite.engine.JobPhase;
import dev.malachite.engine.Parent;
import dev.malachite.engine.Plan;
import dev.malachite.server.delivery.OutputRecords;
import dev.malachite.server.job.ChildJobs;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.loop.ParentWork;
import dev.malachite.server.run.RunChanges;
import dev.malachite.server.run.RunSeed;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.store.RunAttachment;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.Workspaces;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts together what a pipeline's step runs when its turn has come, and keeps what a pipeline leaves. */
@Component
class PipelineWork implements ParentWork {

    private final ObjectProvider<ControlLoop> loop;
    private final Workspaces workspaces;
    private final Runs runs;
    private final RunChanges changes;
    private final ReadPipelines pipelines;
    private final PipelineJobs jobs;
    private final ChildJobs children;
    private final StepResults results;
    private final OutputRecords outputs;
    private final PipelineLog log;
    private final Clock clock;

    PipelineWork(
            ObjectProvider<ControlLoop> loop,
            Workspaces workspaces,
            Runs runs,
            RunChanges changes,
            ReadPipelines pipelines,
            PipelineJobs jobs,
            ChildJobs children,
            StepResults results,
            OutputRecords outputs,
            PipelineLog log,
            Clock clock) {
        this.loop = loop;
        this.workspaces = workspaces;
        this.runs = runs;
        this.changes = changes;
        this.pipelines = pipelines;
        this.jobs = jobs;
        this.children = children;
        this.results = results;
        this.outputs = outputs;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public boolean knows(Plan plan) {
        return plan instanceof Plan.Steps;
    }

    @Override
    public Command<?> submission(Parent parent, Child child) throws IOException {
        Workspace workspace = workspace(parent.id());
        RunView run = run(parent.id());
        log.tell(parent.id(), loop.getObject().state().children(parent.id()).values());
        Pipeline pipeline = pipeline(workspace, parent);
        Step step = pipeline.step(child.name());
        ObjectNode job = new StepJobs(wiring(workspace, pipeline, parent))
                .document(step, child.run().run());
        String caller = run.createdBy();
        return switch (step.kind()) {
            case PIPELINE ->
                jobs.submission(workspace, Optional.of(parent.id()), child.run().run(), job, caller);
            case SWEEP ->
                jobs.type("Sweep")
                        .submission(
                                workspace, Optional.of(parent.id()), child.run().run(), job, caller);
            case COMMAND -> command(workspace, pipeline, parent, child, step, job, caller);
        };
    }

    private Command<?> command(
            Workspace workspace,
            Pipeline pipeline,
            Parent parent,
            Child child,
            Step step,
            ObjectNode job,
            String caller) {
        // Looked at in any case: what could not run must not seem to have run.
        Command.SubmitJob submission =
                children.command(workspace, parent.id(), child.run().run(), job, caller);
        if (!step.deterministic()) {
            return submission;
        }
        Optional<RunView> earlier = pipeline.forcesRerun() ? Optional.empty() : results.find(child.run(), job);
        if (earlier.isPresent()) {
            return reused(parent, child, job, earlier.get(), caller);
        }
        results.note(child.run(), job);
        return submission;
    }

    /** Its outputs are those of the earlier run. */
    private Command.ChildEnded reused(Parent parent, Child child, ObjectNode job, RunView earlier, String caller) {
        ObjectNode made = definition(earlier.id());
        job.set("outputs", Json.objectAt(made, "outputs").deepCopy());
        Map<String, String> properties = PipelineJobs.strings(job, "properties");
        properties.put("azureml.isreused", "true");
        properties.put("azureml.reusedrunid", earlier.runId());
        earlier.parent().ifPresent(pipeline -> properties.put("azureml.reusedpipelinerunid", pipeline));
        properties.put("azureml.rootpipelinerunid", earlier.root());
        return ended(parent, child, job, properties, JobPhase.COMPLETED, Optional.empty(), caller);
    }

    @Override
    public Command.ChildEnded refused(Parent parent, Child child, String why) {
        ObjectNode job = Json.object().put("jobType", "Command").put("displayName", child.name());
        return ended(
                parent,
                child,
                job,
                Map.of(),
                JobPhase.FAILED,
                Optional.of("Step '%s' could not be submitted: %s".formatted(child.name(), why)),
                run(parent.id()).createdBy());
    }

    private Command.ChildEnded ended(
            Parent parent,
            Child child,
            ObjectNode job,
            Map<String, String> properties,
            JobPhase how,
            Optional<String> error,
            String caller) {
        RunSeed seed = new RunSeed(
                child.run(),
                run(parent.id()).experiment(),
                Optional.of(parent.id().run()),
                Json.string(job, "displayName"),
                Optional.empty(),
                "azureml.commandjob",
                Json.string(job, "computeId")
                        .map(compute -> compute.substring(compute.lastIndexOf('/') + 1))
                        .orElse(""),
                "",
                PipelineJobs.strings(job, "tags"),
                new LinkedHashMap<>(properties),
                job,
                caller);
        return new Command.ChildEnded(child.run(), how, error.orElse(null), new RunAttachment(seed));
    }

    /** The outputs of a pipeline are those of the steps that they are bound to, wherever these have put them. */
    @Override
    public void finish(Parent parent, Collection<Child> steps) throws IOException {
        log.tell(parent.id(), steps);
        if (parent.outcome().equals(Optional.of(JobPhase.FAILED))) {
            log.failed(parent.id(), clock.instant());
        }
        Workspace workspace = workspace(parent.id());
        Pipeline pipeline = pipeline(workspace, parent);
        ObjectNode definition = pipeline.properties().deepCopy();
        ObjectNode declared = Json.objectAt(definition, "outputs");
        for (Child child : steps) {
            Step step = pipeline.step(child.name());
            if (child.phase() != Child.Phase.COMPLETED) {
                continue;
            }
            if (step.outputs().propertyNames().stream()
                    .noneMatch(name -> Wiring.bound(step, name).isPresent())) {
                continue;
            }
            for (Map.Entry<String, JsonNode> output :
                    made(workspace, pipeline, step, child.run()).properties()) {
                Wiring.bound(step, output.getKey())
                        .flatMap(name -> Optional.ofNullable(declared.get(name)))
                        .filter(ObjectNode.class::isInstance)
                        .ifPresent(above -> ((ObjectNode) above)
                                .put(
                                        "uri",
                                        Json.string(output.getValue(), "uri").orElse(""))
                                .put(
                                        "jobOutputType",
                                        Json.string(output.getValue(), "jobOutputType")
                                                .orElse("uri_folder")));
            }
        }
        pipelines.forget(parent);
        if (!declared.isEmpty()) {
            changes.redefine(parent.id(), definition);
            outputs.ended(
                    workspace, parent.id().run(), definition, parent.outcome().equals(Optional.of(JobPhase.COMPLETED)));
        }
    }

    private Wiring wiring(Workspace workspace, Pipeline pipeline, Parent parent) {
        return new Wiring(pipeline, jobs.datastore(workspace, pipeline), step -> {
            JobId run = new JobId(parent.id().workspace(), parent.plan().run(parent.id(), step.name()));
            return made(workspace, pipeline, step, run);
        });
    }

    /** The outputs of a step that has ended; those of a sweep are its best trial's. */
    private ObjectNode made(Workspace workspace, Pipeline pipeline, Step step, JobId run) {
        if (step.kind() != Step.Kind.SWEEP) {
            return Json.objectAt(definition(run), "outputs");
        }
        String best = Optional.ofNullable(run(run).properties().asMap().get("best_child_run_id"))
                .orElseThrow(() -> new AzureException(Errors.userError(
                        "Step '%s' has no best trial whose outputs could be taken: none has logged its primary metric."
                                .formatted(step.name()))));
        ObjectNode outputs = Json.objectAt(definition(run), "outputs").deepCopy();
        Wiring places = new Wiring(pipeline, jobs.datastore(workspace, pipeline), any -> Json.object());
        for (Map.Entry<String, JsonNode> output : outputs.properties()) {
            String type = Json.string(output.getValue(), "jobOutputType").orElse("uri_folder");
            ((ObjectNode) output.getValue()).put("uri", places.usual(best, output.getKey(), type));
        }
        return outputs;
    }

    private Pipeline pipeline(Workspace workspace, Parent parent) {
        return pipelines.of(workspace, parent, () -> definition(parent.id()));
    }

    private ObjectNode definition(JobId id) {
        return runs.definition(id.workspace(), id.run()).orElseThrow(() -> gone(id));
    }

    private RunView run(JobId id) {
        return runs.find(id.workspace(), id.run()).orElseThrow(() -> gone(id));
    }

    private Workspace workspace(JobId id) {
        return workspaces.find(id.workspace()).orElseThrow(() -> gone(id));
    }

    private static AzureException gone(JobId id) {
        return new AzureException(Errors.notFound("Run '%s'".formatted(id.run())));
    }
}
