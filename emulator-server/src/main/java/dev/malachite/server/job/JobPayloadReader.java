package dev.malachite.server.job;

import dev.malachite.engine.Engine;
import dev.malachite.engine.ImageKey;
import dev.malachite.engine.Job;
import dev.malachite.engine.JobId;
import dev.malachite.engine.Node;
import dev.malachite.engine.NodeId;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.artifact.Artifacts;
import dev.malachite.server.delivery.Deliveries;
import dev.malachite.server.delivery.Delivery;
import dev.malachite.server.delivery.OutputRecords;
import dev.malachite.server.delivery.RunDeliveries;
import dev.malachite.server.delivery.RunDelivery;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.loop.JobPayloads;
import dev.malachite.server.run.RunFollowers;
import dev.malachite.server.run.RunTokens;
import dev.malachite.server.run.RunView;
import dev.malachite.server.run.Runs;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeRuntime.FileSink;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.snapshot.Snapshots;
import dev.malachite.server.snapshot.Snapshots.SnapshotFile;
import dev.malachite.server.store.ImageDefinitions;
import dev.malachite.server.tls.Certificates;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.Workspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Puts together what a job needs from the run store, the snapshots and the identity, at the moment it starts. */
@Component
@EnableConfigurationProperties(JobSettings.class)
class JobPayloadReader implements JobPayloads {

    private static final Logger LOG = LoggerFactory.getLogger(JobPayloadReader.class);

    private static final String BUILD_LOG = "azureml-logs/20_image_build_log.txt";
    private static final int BUILD_LOGS = 20;

    /** A build that prints without end must not fill the disk. */
    private static final long BUILD_LOG_BYTES = 16L * 1024 * 1024;

    private final ObjectProvider<ControlLoop> loop;
    private final Workspaces workspaces;
    private final Runs runs;
    private final Snapshots snapshots;
    private final Artifacts artifacts;
    private final JobLogs logs;
    private final RunTokens tokens;
    private final ImageDefinitions images;
    private final Certificates certificates;
    private final Deliveries deliveries;
    private final RunDeliveries runData;
    private final OutputRecords records;
    private final RunFollowers followers;
    private final JobSettings settings;
    private final NodeVariables nodeVariables;
    private final PlayedStarts played;

    JobPayloadReader(
            ObjectProvider<ControlLoop> loop,
            Workspaces workspaces,
            Runs runs,
            Snapshots snapshots,
            Artifacts artifacts,
            JobLogs logs,
            RunTokens tokens,
            ImageDefinitions images,
            Certificates certificates,
            Deliveries deliveries,
            RunDeliveries runData,
            OutputRecords records,
            RunFollowers followers,
            JobSettings settings,
            NodeVariables nodeVariables,
            PlayedStarts played) {
        this.played = played;
        this.nodeVariables = nodeVariables;
        this.followers = followers;
        this.settings = settings;
        this.deliveries = deliveries;
        this.runData = runData;
        this.records = records;
        this.loop = loop;
        this.workspaces = workspaces;
        this.runs = runs;
        this.snapshots = snapshots;
        this.artifacts = artifacts;
        this.logs = logs;
        this.tokens = tokens;
        this.images = images;
        this.certificates = certificates;
    }

    @Override
    public Optional<ImageDefinition> image(ImageKey key) {
        return Arrays.stream(RuntimeKind.values())
                .map(Engine::defaultImage)
                .filter(key::equals)
                .findFirst()
                .map(JobPayloadReader::defaultImage)
                .or(() -> images.find(key));
    }

    @Override
    public Consumer<String> buildLog(ImageKey key) throws IOException {
        List<Path> logs = new ArrayList<>();
        for (Job job : loop.getObject().state().preparing(key)) {
            if (logs.size() == BUILD_LOGS) {
                break;
            }
            logs.add(artifacts.logFile(job.id().workspace(), job.id().run(), BUILD_LOG));
        }
        AtomicLong written = new AtomicLong();
        return line -> {
            long before = written.getAndAdd(line.length() + 1L);
            if (before > BUILD_LOG_BYTES) {
                return;
            }
            boolean last = before + line.length() + 1 > BUILD_LOG_BYTES;
            for (Path log : logs) {
                append(log, last ? "The rest of what the build prints is left out.\n" : line + "\n");
            }
        };
    }

    @Override
    public JobStart start(JobId job, int attempt, NodeSpec node, NodeRuntime runtime, PreparedImage image)
            throws IOException {
        if (runtime.kind() == RuntimeKind.SIMULATED) {
            Optional<JobStart> start = played.start(job, attempt);
            if (start.isPresent()) {
                return start.get();
            }
        }
        return real(job, attempt, node, runtime, image);
    }

    private JobStart real(JobId job, int attempt, NodeSpec node, NodeRuntime runtime, PreparedImage image)
            throws IOException {
        Workspace workspace =
                workspaces.find(job.workspace()).orElseThrow(() -> new IOException("The workspace is gone."));
        RunView run = runs.find(job.workspace(), job.run()).orElseThrow(() -> new IOException("The run is gone."));
        ObjectNode definition = runs.definition(job.workspace(), job.run())
                .orElseThrow(() -> new IOException("The run was never submitted."));
        Map<String, String> variables = new LinkedHashMap<>();
        List<String> program;
        String script = "";
        Optional<String> snapshot;
        JobData.Source data = () -> JobData.NONE;
        if (definition.has("Configuration")) {
            RunConfiguration configuration = new RunConfiguration(definition);
            variables.putAll(configuration.environmentVariables());
            script = configuration.command().isPresent()
                    ? ""
                    : configuration.script().orElse("");
            RunDelivery delivery = deliver(() ->
                    runData.prepare(workspace, job.run(), configuration.configuration(), runtime.dataFolder(node)));
            variables.putAll(delivery.environment());
            program = Programs.linked(
                    delivery.links(),
                    configuration
                            .command()
                            .map(line -> Programs.command(image, delivery.filled(line)))
                            .orElseGet(() -> Programs.script(
                                    image,
                                    configuration.script().orElse(""),
                                    configuration.arguments().stream()
                                            .map(delivery::filled)
                                            .toList())));
            data = delivery.data();
            snapshot = Optional.of(configuration.snapshotId());
        } else {
            CommandJob command = new CommandJob(definition);
            variables.putAll(command.strings("environmentVariables"));
            variables.putAll(JobResources.of(definition).environment());
            Delivery delivery =
                    deliver(() -> deliveries.prepare(workspace, job.run(), definition, runtime.dataFolder(node)));
            variables.putAll(delivery.environment());
            program = Programs.command(image, delivery.command());
            data = delivery.data();
            snapshot = command.codeId();
        }
        RunTokens.RunToken token = tokens.issue(workspace.ref(), run.runId());
        variables.putAll(JobEnvironment.of(workspace, run, attempt, runtime.emulatorUrl(node), token));
        variables.putAll(nodeVariables.of(workspace, run, node, runtime, token));
        List<JobStart.Rank> ranks = ranks(job, attempt, node, runtime, Distribution.of(definition));
        JobStart.Rank first = ranks.getFirst();
        if (ranks.size() == 1) {
            variables.putAll(first.environment());
        }
        return new JobStart(
                job,
                attempt,
                files(job, snapshot),
                data,
                program,
                script,
                variables,
                certificates.authorityPem(),
                first::log,
                run.tags().asMap(),
                ranks.size() == 1 ? List.of() : ranks);
    }

    /** The processes that the node runs, each with what it is told of the others. */
    private List<JobStart.Rank> ranks(
            JobId job, int attempt, NodeSpec node, NodeRuntime runtime, Distribution distribution) throws IOException {
        Processes processes = new Processes(distribution);
        if (processes.alone()) {
            return List.of(new JobStart.Rank(Map.of(), logs.begin(job, attempt, Processes.LOG), false));
        }
        List<NodeId> nodes = logs.nodes(job);
        int place = logs.place(job, node.id());
        int generation = loop.getObject()
                .state()
                .node(nodes.getFirst())
                .map(Node::generation)
                .orElseThrow(() -> new IOException("The first node of the job is gone."));
        List<JobStart.Rank> ranks = new ArrayList<>();
        for (Processes.Member process : processes.on(place, runtime.meet(nodes, generation, processes.ports()))) {
            ranks.add(new JobStart.Rank(
                    process.environment(), logs.begin(job, attempt, process.log()), process.serves()));
        }
        return ranks;
    }

    private interface Delivering<T> {
        T deliver() throws IOException;
    }

    /** What was right when it was submitted may be gone by now: a datastore, an asset. */
    private static <T> T deliver(Delivering<T> delivering) throws IOException {
        try {
            return delivering.deliver();
        } catch (AzureException e) {
            throw new JobData.Missing(e.error().message());
        }
    }

    @Override
    public List<Kept> named(JobId job) throws IOException {
        Optional<Submitted> submitted = submitted(job);
        if (submitted.isEmpty()) {
            return List.of();
        }
        Workspace workspace = submitted.get().workspace();
        ObjectNode definition = submitted.get().definition();
        try {
            return (definition.has("Configuration")
                            ? runData.kept(workspace, job.run(), new RunConfiguration(definition).configuration())
                            : deliveries.kept(workspace, job.run(), definition))
                    .stream().map(kept -> new Kept(kept.folder(), kept.sink())).toList();
        } catch (AzureException e) {
            throw new IOException(e.error().message());
        }
    }

    @Override
    public void ended(JobId job, int attempt, int exitCode) {
        artifacts.settle(job.workspace(), job.run());
        Optional<Job> execution = loop.getObject().state().job(job);
        boolean stopped = execution.filter(Job::endedByStop).isPresent();
        // By now it has ended on all of its nodes.
        boolean well = !stopped && execution.flatMap(Job::exitCode).orElse(exitCode) == 0;
        try {
            submitted(job).ifPresent(found -> ended(found, job.run(), well));
        } catch (RuntimeException | StackOverflowError e) {
            // The stack's too: what a user left may nest as deep as it likes, and another try would not mend it.
            LOG.warn("what became of the outputs of {} could not be noted", job, e);
        }
        try {
            if (!stopped) {
                followers.await(job, settings.logHold());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ended(Submitted job, String run, boolean well) {
        if (!job.definition().has("Configuration")) {
            records.ended(job.workspace(), run, job.definition(), well);
        } else if (well) {
            runData.ended(job.workspace(), run, new RunConfiguration(job.definition()).configuration());
        }
    }

    private record Submitted(Workspace workspace, ObjectNode definition) {}

    private Optional<Submitted> submitted(JobId job) {
        return workspaces
                .find(job.workspace())
                .flatMap(workspace -> runs.definition(job.workspace(), job.run())
                        .map(definition -> new Submitted(workspace, definition)));
    }

    private List<SnapshotFile> files(JobId job, Optional<String> snapshot) throws IOException {
        if (snapshot.isEmpty()) {
            return List.of();
        }
        return snapshots
                .files(job.workspace(), snapshot.get())
                .orElseThrow(() -> new IOException("The snapshot " + snapshot.get() + " is gone."));
    }

    @Override
    public List<Path> logs(JobId job, NodeId node) throws IOException {
        return logs.of(job, node);
    }

    @Override
    public FileSink outputs(JobId job) {
        return (path, content) -> {
            try {
                artifacts.keep(job.workspace(), job.run(), path, content);
            } catch (AzureException e) {
                // One file whose name no blob can have must not cost the others.
                LOG.warn("a file that {} left is not kept: {}", job, e.error().message());
            }
        };
    }

    @Override
    public String failure(JobId job, NodeId node, int exitCode, String detail) {
        StringBuilder message = new StringBuilder("User program failed with exit code %d%s."
                .formatted(exitCode, exitCode == 127 ? " (command not found)" : ""));
        if (!detail.isEmpty()) {
            message.append(' ').append(detail);
        }
        try {
            message.append(logs.failure(job, node, exitCode));
        } catch (IOException e) {
            message.append(" Its log could not be read.");
        }
        return message.toString();
    }

    private static ImageDefinition defaultImage(ImageKey key) {
        return new ImageDefinition(
                key,
                "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04",
                true,
                "python",
                List.of(),
                Optional.empty(),
                List.of(),
                List.of());
    }

    private static void append(Path log, String text) {
        try {
            Files.writeString(log, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
