package dev.malachite.server.pipeline;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.JobId;
import dev.malachite.engine.Plan;
import dev.malachite.server.datastore.Datastores;
import dev.malachite.server.job.ChildJobs;
import dev.malachite.server.job.JobType;
import dev.malachite.server.run.RunLimits;
import dev.malachite.server.run.RunSeed;
import dev.malachite.server.store.RunAttachment;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Jobs of type {@code Pipeline}: looks at every step before the first one begins. */
@Component
class PipelineJobs implements JobType {

    private static final int MAX_DEFINITION = 900_000;
    private static final int DEEPEST = 8;

    /** Of all pipelines within each other: each is looked at before the first begins. */
    private static final int MOST_STEPS = 2_000;

    private final PipelineReader reader;
    private final Datastores datastores;
    private final ChildJobs children;
    private final ObjectProvider<JobType> types;

    PipelineJobs(PipelineReader reader, Datastores datastores, ChildJobs children, ObjectProvider<JobType> types) {
        this.reader = reader;
        this.datastores = datastores;
        this.children = children;
        this.types = types;
    }

    /**
     * Where in pipelines within each other one stands.
     *
     * @param steps of all of them so far
     */
    private record Level(int depth, AtomicInteger steps) {

        Level below() {
            return new Level(depth + 1, steps);
        }
    }

    @Override
    public String name() {
        return "Pipeline";
    }

    @Override
    public Command.SubmitParent submission(
            Workspace workspace, Optional<JobId> parent, String name, ObjectNode properties, String caller) {
        return submission(workspace, parent, name, properties, caller, new Level(1, new AtomicInteger()));
    }

    private Command.SubmitParent submission(
            Workspace workspace,
            Optional<JobId> parent,
            String name,
            ObjectNode properties,
            String caller,
            Level level) {
        if (level.depth() > DEEPEST) {
            throw new AzureException(
                    Errors.userError("Pipelines may stand within each other %d deep.".formatted(DEEPEST)));
        }
        if (Json.text(properties).length() > MAX_DEFINITION) {
            throw new AzureException(Errors.tooLarge("The run's definition", MAX_DEFINITION));
        }
        Pipeline pipeline = reader.read(workspace, name, properties);
        if (level.steps().addAndGet(pipeline.steps().size()) > MOST_STEPS) {
            throw new AzureException(Errors.userError(
                    "The pipeline and those within it have more than %d steps.".formatted(MOST_STEPS)));
        }
        JobId id = new JobId(workspace.id(), name);
        Plan.Steps plan = pipeline.plan();
        StepJobs jobs = new StepJobs(planned(workspace, pipeline, id, plan));
        for (Step step : pipeline.steps().values()) {
            String run = plan.run(id, step.name());
            ObjectNode job = jobs.document(step, run);
            try {
                check(workspace, id, step, run, job, caller, level);
            } catch (AzureException e) {
                throw named(step, e);
            }
        }
        RunSeed seed = new RunSeed(
                id,
                pipeline.experiment(),
                parent.map(JobId::run),
                Json.string(properties, "displayName").or(() -> Optional.of(name)),
                Json.string(properties, "description"),
                "azureml.PipelineRun",
                pipeline.defaultCompute()
                        .map(compute -> compute.substring(compute.lastIndexOf('/') + 1))
                        .orElse(""),
                "",
                strings(properties, "tags"),
                shown(workspace, pipeline),
                properties,
                caller);
        RunLimits.check(seed);
        return new Command.SubmitParent(id, parent, plan, new RunAttachment(seed));
    }

    /** Who reads it must see which of many steps is meant. */
    private static AzureException named(Step step, AzureException e) {
        String where = "Step '%s'".formatted(step.name());
        return e.error().message().contains(where)
                ? e
                : new AzureException(new AzureError(
                        e.error().status(),
                        e.error().code(),
                        where + ": " + e.error().message()));
    }

    private void check(
            Workspace workspace, JobId pipeline, Step step, String run, ObjectNode job, String caller, Level level) {
        switch (step.kind()) {
            case COMMAND -> children.command(workspace, pipeline, run, job, caller);
            case SWEEP -> type("Sweep").submission(workspace, Optional.of(pipeline), run, job, caller);
            case PIPELINE -> submission(workspace, Optional.of(pipeline), run, job, caller, level.below());
        }
    }

    JobType type(String name) {
        return types.stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody takes jobs of type " + name));
    }

    /** Before anything has run: where the outputs of each step will be. */
    private Wiring planned(Workspace workspace, Pipeline pipeline, JobId id, Plan.Steps plan) {
        String datastore = datastore(workspace, pipeline);
        Wiring places = new Wiring(pipeline, datastore, step -> Json.object());
        return new Wiring(pipeline, datastore, step -> places.outputs(step, plan.run(id, step.name())));
    }

    String datastore(Workspace workspace, Pipeline pipeline) {
        return pipeline.defaultDatastore().orElseGet(() -> datastores.defaultName(workspace));
    }

    /** As the service shows them (recorded traffic of azure-ai-ml's own tests). */
    private Map<String, String> shown(Workspace workspace, Pipeline pipeline) {
        Map<String, String> shown = strings(pipeline.properties(), "properties");
        ObjectNode parameters = Json.object();
        Json.objectAt(pipeline.properties(), "inputs").properties().forEach(input -> {
            if (Json.string(input.getValue(), "jobInputType").orElse("").equalsIgnoreCase("literal")) {
                parameters.put(input.getKey(), Step.text(input.getValue()));
            }
        });
        String text = Json.text(parameters);
        shown.put("azureml.DevPlatv2", "true");
        shown.put("azureml.runsource", "azureml.PipelineRun");
        shown.put("runSource", "MFE");
        shown.put("runType", "HTTP");
        shown.put("azureml.parameters", text.length() <= 1_000 ? text : "{}"); // as much as a property holds
        shown.put("azureml.continue_on_step_failure", pipeline.goesOn() ? "True" : "False");
        shown.put("azureml.continue_on_failed_optional_input", "True");
        shown.put("azureml.enforceRerun", pipeline.forcesRerun() ? "True" : "False");
        pipeline.defaultCompute()
                .ifPresent(compute ->
                        shown.put("azureml.defaultComputeName", compute.substring(compute.lastIndexOf('/') + 1)));
        shown.put("azureml.defaultDataStoreName", datastore(workspace, pipeline));
        shown.put("azureml.pipelineComponent", "pipelinerun");
        return shown;
    }

    static Map<String, String> strings(ObjectNode properties, String member) {
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry :
                Json.objectAt(properties, member).properties()) {
            strings.put(entry.getKey(), entry.getValue().asString(""));
        }
        return strings;
    }
}
