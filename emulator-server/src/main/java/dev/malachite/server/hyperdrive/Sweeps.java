package dev.malachite.server.hyperdrive;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.JobId;
import dev.malachite.engine.Trials;
import dev.malachite.engine.sweep.SweepPlan;
import dev.malachite.server.job.ChildJobs;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.run.RunLimits;
import dev.malachite.server.run.RunSeed;
import dev.malachite.server.run.Runs;
import dev.malachite.server.store.RunAttachment;
import dev.malachite.server.sweep.SweepReader;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes sweeps of either SDK, after everything that can be wrong with them and their first trial has been looked at. */
@Service
class Sweeps {

    /** As the v1 SDK looks for it. */
    private static final String RUN_TYPE = "hyperdrive";

    private final ChildJobs children;
    private final Commands commands;
    private final Runs runs;

    Sweeps(ChildJobs children, Commands commands, Runs runs) {
        this.children = children;
        this.commands = commands;
        this.runs = runs;
    }

    /**
     * What a v2 sweep is for the engine.
     *
     * @param parent the run that it is a child of
     */
    Command.SubmitParent job(
            Workspace workspace, Optional<JobId> parent, String name, ObjectNode properties, String caller) {
        SweepForm form = new SweepForm(properties);
        SweepPlan plan = SweepReader.fromJob(properties, seed(name));
        JobId id = new JobId(workspace.id(), name);
        requireFree(id, new Trials(plan));
        Map<String, String> first =
                plan.sampling().trial(plan.space(), 0, List.of()).orElseThrow();
        children.command(workspace, id, last(plan, id), form.trial(first), caller);
        Map<String, String> tags = strings(properties, "tags");
        tags.putAll(SweepSeed.tags(
                plan, Json.objectAt(properties, "searchSpace"), platform(workspace, form.experiment(), name)));
        Map<String, String> more = strings(properties, "properties");
        more.putAll(SweepSeed.properties(plan, ""));
        RunSeed seed = new RunSeed(
                id,
                form.experiment(),
                parent.map(JobId::run),
                form.displayName().or(() -> Optional.of(name)),
                Json.string(properties, "description"),
                RUN_TYPE,
                form.target(),
                "",
                tags,
                more,
                properties,
                caller);
        return submission(seed, parent, plan);
    }

    /**
     * Accepts what the v1 SDK sends.
     *
     * @param parent the run that the caller says it belongs to, which waits for nothing
     */
    void hyperDrive(
            Workspace workspace,
            Optional<String> parent,
            String experiment,
            String runId,
            ObjectNode body,
            String caller) {
        HyperDriveForm form = new HyperDriveForm(body);
        check(form);
        SweepPlan plan = SweepReader.fromHyperDrive(body, seed(runId));
        JobId id = new JobId(workspace.id(), runId);
        Map<String, String> first =
                plan.sampling().trial(plan.space(), 0, List.of()).orElseThrow();
        children.script(workspace, id, experiment, last(plan, id), form.submission(first), Map.of(), caller);
        ObjectNode platform = form.platform().deepCopy();
        platform.put("ParentRunId", runId);
        Map<String, String> tags = SweepSeed.tags(
                plan, Json.objectAt(Json.objectAt(body, "generator_config"), "parameter_space"), platform);
        tags.put("_aml_system_name", experiment);
        requireFree(id, new Trials(plan));
        RunSeed seed = new RunSeed(
                id,
                experiment,
                parent,
                Optional.empty(),
                Json.string(body, "description"),
                RUN_TYPE,
                form.target(),
                "",
                tags,
                SweepSeed.properties(plan, form.snapshot().orElse("")),
                body,
                caller);
        begin(submission(seed, Optional.empty(), plan));
    }

    /** Accepts a sweep that stands for itself. */
    void begin(Command.SubmitParent submission) {
        JobId id = submission.id();
        if (runs.find(id.workspace(), id.run()).isPresent()) {
            throw new AzureException(Errors.conflict("A run with the id '%s' exists already.".formatted(id.run())));
        }
        commands.execute(submission);
    }

    /** The longest name of a trial: what is right with it is right with all of them. */
    private static String last(SweepPlan plan, JobId id) {
        return new Trials(plan).run(id, Integer.toString(plan.limits().total() - 1));
    }

    /** The names of its trials follow from its own, and somebody may have one already. */
    private void requireFree(JobId id, Trials trials) {
        List<String> names = IntStream.range(0, trials.sweep().limits().total())
                .mapToObj(n -> trials.run(id, Integer.toString(n)))
                .toList();
        runs.definitions(id.workspace(), names).keySet().stream().findFirst().ifPresent(taken -> {
            throw new AzureException(
                    Errors.conflict("A run with the id '%s' exists already; a trial of the sweep would have the same."
                            .formatted(taken)));
        });
    }

    private static Command.SubmitParent submission(RunSeed seed, Optional<JobId> parent, SweepPlan plan) {
        RunLimits.check(seed);
        return new Command.SubmitParent(seed.id(), parent, new Trials(plan), new RunAttachment(seed));
    }

    private static void check(HyperDriveForm form) {
        String platform = Json.string(form.experiment(), "platform").orElse("AML");
        if (!platform.equalsIgnoreCase("AML")) {
            throw new AzureException(Errors.userError(
                    "The platform '%s' is not supported by this version of Malachite; give HyperDriveConfig a run_config."
                            .formatted(platform)));
        }
        if (form.resumes()) {
            throw new AzureException(
                    Errors.userError(
                            "resume_from and resume_child_runs are not supported by this version of Malachite; begin a new sweep without them."));
        }
    }

    /** Where the v1 SDK would have found the experiment: it reads some of this back. */
    private static ObjectNode platform(Workspace workspace, String experiment, String run) {
        return Json.object()
                .put("ServiceAddress", "")
                .put("ServiceArmScope", workspace.armId().substring(1) + "/experiments/" + experiment)
                .put("SubscriptionId", workspace.ref().subscription())
                .put("ResourceGroupName", workspace.ref().resourceGroup())
                .put("WorkspaceName", workspace.ref().name())
                .put("ExperimentName", experiment)
                .put("ParentRunId", run);
    }

    /** The same for the same name, so that a sweep whose submission is repeated tries the same points. */
    private static long seed(String name) {
        CRC32 sum = new CRC32();
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }

    private static Map<String, String> strings(ObjectNode properties, String member) {
        Map<String, String> strings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry :
                Json.objectAt(properties, member).properties()) {
            strings.put(entry.getKey(), entry.getValue().asString(""));
        }
        return strings;
    }
}
