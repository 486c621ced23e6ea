package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.JobId;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.delivery.Deliveries;
import dev.malachite.server.delivery.RunDeliveries;
import dev.malachite.server.environment.EnvironmentReader;
import dev.malachite.server.environment.SubmittedEnvironments;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.run.ClientRuns;
import dev.malachite.server.run.RunFollowers;
import dev.malachite.server.run.RunLimits;
import dev.malachite.server.run.RunSeed;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.secret.WorkspaceRegistries;
import dev.malachite.server.snapshot.Snapshots;
import dev.malachite.server.store.JobAttachment;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.stereotype.Service;
import tools.jackson.databind.node.ObjectNode;

/** Turns a submission of either SDK into the one command, after everything that can be wrong with it has been looked at. */
@Service
class Submissions {

    /** From the published schema of jobs. */
    private static final Pattern RUN_ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9\\-_]{0,254}");

    private static final int MAX_DEFINITION = 900_000;

    private final Commands commands;
    private final ControlLoop loop;
    private final Snapshots snapshots;
    private final EnvironmentReader environments;
    private final Runs runs;
    private final Deliveries deliveries;
    private final RunDeliveries runData;
    private final Serverless serverless;
    private final RunCompute runCompute;
    private final SubmittedEnvironments submittedEnvironments;
    private final RunFollowers followers;
    private final WorkspaceRegistries registries;
    private final ClientRuns clientRuns;

    Submissions(
            Commands commands,
            ControlLoop loop,
            Snapshots snapshots,
            EnvironmentReader environments,
            Runs runs,
            Deliveries deliveries,
            RunDeliveries runData,
            Serverless serverless,
            RunCompute runCompute,
            SubmittedEnvironments submittedEnvironments,
            RunFollowers followers,
            WorkspaceRegistries registries,
            ClientRuns clientRuns) {
        this.clientRuns = clientRuns;
        this.registries = registries;
        this.submittedEnvironments = submittedEnvironments;
        this.runCompute = runCompute;
        this.serverless = serverless;
        this.followers = followers;
        this.deliveries = deliveries;
        this.runData = runData;
        this.commands = commands;
        this.loop = loop;
        this.snapshots = snapshots;
        this.environments = environments;
        this.runs = runs;
    }

    void submit(Workspace workspace, String experiment, String runId, RunConfiguration configuration, String caller) {
        Command.SubmitJob submit = script(workspace, experiment, runId, configuration, caller);
        commands.execute(submit);
        // A played job ends when its clock says so, which nothing in real time may hold up.
        loop.state()
                .target(submit.target())
                .filter(target -> target.runtime() != RuntimeKind.SIMULATED)
                .ifPresent(real -> followers.submitted(submit.id()));
    }

    /** The submission of a script of the v1 SDK, after everything that can be wrong with it has been looked at. */
    Command.SubmitJob script(
            Workspace workspace, String experiment, String runId, RunConfiguration configuration, String caller) {
        checkRunId(runId);
        Optional<Command.PutTarget> made = runCompute.of(workspace, runId, configuration);
        Optional<Target> there =
                made.isPresent() ? Optional.empty() : Optional.of(target(workspace, configuration.target()));
        RuntimeKind runtime = there.map(Target::nodeRuntime).orElseGet(serverless::runtime);
        String compute = made.map(Command.PutTarget::name)
                .orElseGet(() -> there.orElseThrow().displayName());
        checkSnapshot(workspace, configuration.snapshotId());
        runData.check(workspace, runId, configuration.configuration(), runtime == RuntimeKind.DOCKER);
        ObjectNode environment = Json.objectAt(configuration.configuration(), "environment");
        registries.takeFrom(workspace.id(), environment);
        ImageDefinition image = there(
                registries.withLogin(workspace.id(), EnvironmentReader.fromV1(environment, runtime)),
                there,
                LocalDocker.isWanted(configuration));
        RunSeed seed = new RunSeed(
                new JobId(workspace.id(), runId),
                experiment,
                configuration.parentRunId(),
                Optional.empty(),
                Optional.empty(),
                "azureml.scriptrun",
                compute,
                configuration.script().orElse(""),
                Map.of(),
                Map.of(
                        "_azureml.ComputeTargetType",
                        targetType(there),
                        "_azureml.ClusterName",
                        compute,
                        "ContentSnapshotId",
                        configuration.snapshotId()),
                bounded(configuration.submission()),
                caller);
        Distribution spread = Distribution.ofConfiguration(configuration.configuration());
        TargetId target = made.map(Command.PutTarget::id)
                .orElseGet(() -> there.orElseThrow().id());
        Command.SubmitJob submit =
                submission(seed, target, image, spread, configuration.priority(), configuration.maxRun());
        submittedEnvironments.register(workspace.id(), configuration.configuration(), caller);
        return made.map(submit::on).orElse(submit);
    }

    void submit(Workspace workspace, String name, CommandJob job, String caller) {
        Command.SubmitJob submit = command(workspace, name, job, caller);
        commands.execute(submit);
        followers.submitted(submit.id());
    }

    /** The same of a command job of the v2 SDK. */
    Command.SubmitJob command(Workspace workspace, String name, CommandJob job, String caller) {
        checkRunId(name);
        Distribution spread = Distribution.ofJob(job.properties());
        Optional<Command.PutTarget> made = Serverless.isWanted(job.computeId())
                ? Optional.of(serverless.target(workspace, name, job.properties(), spread.nodes()))
                : Optional.empty();
        Optional<Target> there = made.isPresent() ? Optional.empty() : Optional.of(target(workspace, job.target()));
        RuntimeKind runtime = there.map(Target::nodeRuntime).orElseGet(serverless::runtime);
        String compute = made.map(Command.PutTarget::name)
                .orElseGet(() -> there.orElseThrow().displayName());
        job.codeId().ifPresent(code -> checkSnapshot(workspace, code));
        ObjectNode definition = bounded(job.properties());
        deliveries.check(workspace, name, definition);
        job.parent().ifPresent(parent -> requireRun(workspace, parent));
        ImageDefinition image = there(
                registries.withLogin(
                        workspace.id(), environments.resolve(workspace.id(), job.environmentId(), runtime)),
                there,
                // An environment of the v2 SDK always names an image, and means a container of it.
                true);
        RunSeed seed = new RunSeed(
                new JobId(workspace.id(), name),
                job.experiment(),
                job.parent(),
                job.displayName().or(() -> Optional.of(name)),
                Json.string(job.properties(), "description"),
                "azureml.commandjob",
                compute,
                "",
                job.strings("tags"),
                properties(job, compute, there),
                definition,
                caller);
        TargetId target = made.map(Command.PutTarget::id)
                .orElseGet(() -> there.orElseThrow().id());
        Command.SubmitJob submit = submission(seed, target, image, spread, job.priority(), job.maxRun());
        return made.map(submit::on).orElse(submit);
    }

    /**
     * What a machine that is entered over SSH is to have is had on that machine alone. One of ours is a container itself and
     * has no engine.
     */
    private static ImageDefinition there(ImageDefinition image, Optional<Target> target, boolean docker) {
        return target.filter(found -> found.nodeRuntime() == RuntimeKind.SSH)
                .map(found -> image.on(new ImageDefinition.Machine(
                        found.id(), docker && !(found.kind() instanceof ComputeKind.MadeMachine))))
                .orElse(image);
    }

    /** What the service adds to the properties that a client sends (recorded traffic). */
    private static Map<String, String> properties(CommandJob job, String compute, Optional<Target> there) {
        Map<String, String> properties = job.strings("properties");
        properties.put("_azureml.ComputeTargetType", targetType(there));
        properties.put("_azureml.ClusterName", compute);
        job.codeId()
                .map(code -> code.replaceFirst("/versions/[^/]*$", ""))
                .map(code -> code.substring(code.lastIndexOf('/') + 1))
                .ifPresent(code -> properties.putIfAbsent("ContentSnapshotId", code));
        return properties;
    }

    /** The service's words for clusters and for instances (recorded traffic; service-facts.md 3). */
    private static String targetType(Optional<Target> there) {
        return there.filter(Target::workplace).isPresent() ? "amlcdsi" : "amlctrain";
    }

    private Command.SubmitJob submission(
            RunSeed seed,
            TargetId target,
            ImageDefinition image,
            Distribution spread,
            int priority,
            Optional<Duration> maxRun) {
        if (runs.exists(seed.id().workspace(), seed.id().run())) {
            throw new AzureException(Errors.conflict(
                    "A run with the id '%s' exists already.".formatted(seed.id().run())));
        }
        RunLimits.check(seed);
        return new Command.SubmitJob(
                        seed.id(),
                        target,
                        image.key(),
                        spread.nodes(),
                        priority,
                        maxRun,
                        new JobAttachment(seed, image))
                .served(spread.serving());
    }

    /** Runs that consist of others. */
    void submit(Command.SubmitParent submission) {
        commands.execute(submission);
    }

    /** What no engine executes has ended then: its program is not ours to stop, but one that looks stops itself. */
    void cancel(Workspace workspace, String runId) {
        RunView run = runs.find(workspace.id(), runId).orElseThrow(() -> noRun(runId));
        if (run.executed()) {
            commands.execute(new Command.CancelJob(run.id()));
        } else {
            clientRuns.cancel(run.id());
        }
    }

    private void requireRun(Workspace workspace, String runId) {
        if (!runs.exists(workspace.id(), runId)) {
            throw noRun(runId);
        }
    }

    private static AzureException noRun(String runId) {
        return new AzureException(Errors.notFound("Run '%s'".formatted(runId)));
    }

    private Target target(Workspace workspace, String name) {
        return loop.state()
                .target(new TargetId(workspace.id(), name))
                .orElseThrow(() -> new AzureException(
                        Errors.userError("AzureMLCompute cluster %s does not exist".formatted(name))));
    }

    private void checkSnapshot(Workspace workspace, String snapshot) {
        if (snapshots.files(workspace.id(), snapshot).isEmpty()) {
            throw new AzureException(Errors.userError("The snapshot '%s' was not found.".formatted(snapshot)));
        }
    }

    static void checkRunId(String runId) {
        if (!RUN_ID.matcher(runId).matches()) {
            throw new AzureException(
                    Errors.invalidParameter("runId", "'%s' does not match '^%s$'.".formatted(runId, RUN_ID.pattern())));
        }
    }

    private static ObjectNode bounded(ObjectNode definition) {
        if (Json.text(definition).length() > MAX_DEFINITION) {
            throw new AzureException(Errors.tooLarge("The run's definition", MAX_DEFINITION));
        }
        return definition;
    }
}
