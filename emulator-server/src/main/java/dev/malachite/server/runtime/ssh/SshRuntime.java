package dev.malachite.server.runtime.ssh;

import dev.malachite.engine.NodeId;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.CollectLimits;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.ImageMap;
import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.JobTar;
import dev.malachite.server.runtime.LeftFiles;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.runtime.SafePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs jobs on machines of the user's own, one node a machine. A node is a note of ours and, from its job's start on, a folder
 * below the user's home; no connection is open while nothing runs. The job is kept by the process runtime's shell, so it
 * outlives connections and us, and reaches us through a port of its machine's loopback.
 */
final class SshRuntime implements NodeRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(SshRuntime.class);
    private static final Duration SHORTLY = Duration.ofMinutes(1);
    private static final Duration LONG = Duration.ofHours(2);
    private static final String FOLDER = "/.azureml/malachite/";

    private final SshConnections connections;
    private final SshNodes nodes;
    private final SshEnvironments environments;
    private final SshdSocketAddress emulator;
    private final RuntimeObserver observer;
    private final Map<NodeId, JobTail> tails = new ConcurrentHashMap<>();

    /**
     * Opens no connection.
     *
     * @param emulator where jobs' requests are led to on this machine, and must be listened for
     * @param map what stands for images that a machine does not have
     */
    SshRuntime(
            Path data, SshConnections connections, SshdSocketAddress emulator, RuntimeObserver observer, ImageMap map) {
        Path folder = data.toAbsolutePath().normalize().resolve("ssh");
        this.connections = connections;
        this.nodes = new SshNodes(folder.resolve("nodes"));
        this.environments = new SshEnvironments(connections, folder.resolve("environments"), map);
        this.emulator = emulator;
        this.observer = observer;
    }

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.SSH;
    }

    /** Each machine has a port of its own for it. */
    @Override
    public String emulatorUrl() {
        return url(emulator.getPort());
    }

    @Override
    public String emulatorUrl(NodeSpec node) throws IOException {
        return url(ready(node).port());
    }

    @Override
    public Optional<String> gatewayAddress() {
        return Optional.of(emulator.getHostName());
    }

    @Override
    public OptionalInt gatewayPort() {
        return OptionalInt.of(emulator.getPort());
    }

    @Override
    public PreparedImage prepareImage(ImageDefinition definition, Consumer<String> log) throws ImageFailure {
        return environments.prepare(definition, log);
    }

    /** Enters no machine but to clear away: who cannot be entered fails the job that wants it, not the node. */
    @Override
    public void openNode(NodeSpec node) throws IOException {
        for (SshNode other : nodes.of(node.id())) {
            if (other.generation() != node.generation()) {
                remove(other);
            }
        }
        if (nodes.find(node.id(), node.generation()).isEmpty()) {
            nodes.put(SshNode.fresh(node.id(), node.target(), node.generation()));
        }
    }

    @Override
    public void startJob(NodeSpec node, JobStart job) throws IOException {
        SshNode known = require(node.id(), node.generation());
        if (known.begun()) {
            followAgain(known, job, node.image());
            return;
        }
        SshNode ready = ready(node);
        SshConnection connection = enterForJob(ready);
        boolean handedOver = false;
        try {
            connection.forward(ready.port(), emulator);
            launch(connection, ready, job, node.image());
            handedOver = follow(ready.started(), job.logs(), connection);
        } catch (SshFailure e) {
            throw refused(e);
        } finally {
            if (!handedOver) {
                connection.close();
            }
        }
    }

    /** A job that may have been started: it is not started again, unless it certainly was not. */
    private void followAgain(SshNode node, JobStart job, String environment) throws IOException {
        if (node.exit().isEmpty() && !tails.containsKey(node.id())) {
            try (SshConnection connection = connections.enter(node.target())) {
                if (connection.run(SHORTLY, "m_taken", node.folder()).equals("free")) {
                    launch(connection, node, job, environment);
                }
            } catch (SshFailure e) {
                LOG.warn("the job on {} is looked for: {}", node.id(), e.getMessage());
            }
        }
        follow(node, job.logs(), null);
    }

    private void launch(SshConnection connection, SshNode node, JobStart job, String reference) throws IOException {
        JobData data = job.data().find();
        MachineEnvironment environment = MachineEnvironment.of(reference);
        environments.ensure(connection, environment);
        connection.run(SHORTLY, "m_open", node.folder());
        JobFile.Layout layout = new JobFile.Layout(node.state(), node.work(), environment.path(), List.of(), false);
        connection.put(node.folder() + "/job.tar", out -> {
            JobTar.write(out, there(node, job), data, layout, node.data(), node.folder() + "/");
        });
        connection.put(
                node.state() + "/keep",
                out -> out.write(JobFile.resource("keeper.sh").getBytes(StandardCharsets.UTF_8)));
        nodes.put(node.started());
        connection.run(
                SHORTLY.multipliedBy(5),
                "m_start",
                node.folder(),
                environment.image().orElse(""),
                environment.folder());
    }

    /** The job as its machine sees it: its logs lie there. */
    private static JobStart there(SshNode node, JobStart job) {
        List<JobStart.Rank> ranks = new ArrayList<>();
        for (JobStart.Rank rank : job.ranks()) {
            String log = node.state() + "/log" + (ranks.isEmpty() ? "" : "." + ranks.size());
            ranks.add(new JobStart.Rank(rank.environment(), Path.of(log), rank.serves()));
        }
        return new JobStart(
                job.job(),
                job.attempt(),
                job.files(),
                job.data(),
                job.program(),
                job.script(),
                job.environment(),
                job.certificate(),
                job.place(),
                job.simulation(),
                ranks);
    }

    @Override
    public void stopJob(NodeId node, int generation, List<Path> logs, Duration grace) throws IOException {
        Optional<SshNode> found = nodes.find(node, generation);
        if (found.filter(SshNode::begun).isEmpty()) {
            observer.neverBegun(node, generation);
            return;
        }
        SshNode there = found.get();
        if (there.exit().isEmpty()) {
            try (SshConnection connection = connections.reenter(there.target())) {
                String tenths = Long.toString(grace.toMillis() / 100);
                String was = connection.run(grace.plus(SHORTLY), "m_stop", there.folder(), tenths);
                if (was.equals("free")) {
                    observer.neverBegun(node, generation);
                    return;
                }
            }
        }
        follow(there, logs, null);
    }

    @Override
    public void collect(NodeId node, int generation, FileSink sink) throws IOException {
        SshNode there = require(node, generation);
        collect(there, sink, there.work(), "outputs", "logs");
    }

    @Override
    public String dataFolder(NodeSpec node) throws IOException {
        return ready(node).data();
    }

    @Override
    public void collectData(NodeId node, int generation, String folder, FileSink sink) throws IOException {
        SshNode there = require(node, generation);
        collect(there, sink, there.data() + "/" + SafePath.relative(folder), ".");
    }

    private void collect(SshNode node, FileSink sink, String... what) throws IOException {
        CollectLimits limits = new CollectLimits("Job on " + node.id());
        try (SshConnection connection = connections.reenter(node.target())) {
            connection.stream(LONG, out -> LeftFiles.unpack(out, limits, sink), "m_collect", what);
        }
    }

    @Override
    public void closeNode(NodeId node) throws IOException {
        for (SshNode each : nodes.of(node)) {
            remove(each);
        }
    }

    @Override
    public void closeTarget(TargetId target) {
        // Its nodes share nothing.
    }

    @Override
    public List<Found> list() throws IOException {
        List<Found> found = new ArrayList<>();
        for (NodeId id : nodes.ids()) {
            for (SshNode node : nodes.of(id)) {
                found.add(new Found(id, node.generation(), node.exit().isEmpty()));
            }
        }
        return found;
    }

    @Override
    public void close() {
        tails.values().forEach(JobTail::close);
        tails.clear();
        connections.close();
    }

    /** The node with its folder and its port; its machine is entered for that once. */
    private SshNode ready(NodeSpec spec) throws IOException {
        SshNode node = require(spec.id(), spec.generation());
        if (node.there()) {
            return node;
        }
        try (SshConnection connection = enterForJob(node)) {
            // Another emulator may have a node of the same name there.
            String folder = connection.run(SHORTLY, "m_home") + FOLDER + node.id() + "-"
                    + UUID.randomUUID().toString().substring(0, 8) + "/" + node.generation();
            SshNode ready = node.at(folder, connection.forward(0, emulator));
            nodes.put(ready);
            return ready;
        } catch (SshFailure e) {
            throw refused(e);
        }
    }

    private SshConnection enterForJob(SshNode node) throws JobData.Missing {
        try {
            return connections.enter(node.target());
        } catch (SshFailure e) {
            throw refused(e);
        }
    }

    /** Another attempt would fail in the same way. */
    private static JobData.Missing refused(SshFailure failure) {
        JobData.Missing missing = new JobData.Missing(String.valueOf(failure.getMessage()));
        missing.initCause(failure);
        return missing;
    }

    private boolean follow(SshNode node, List<Path> logs, @Nullable SshConnection entered) {
        JobTail tail = new JobTail(connections, nodes, node, logs, emulator, observer, () -> tails.remove(node.id()));
        JobTail before = tails.putIfAbsent(node.id(), tail);
        if (before != null && before.node().generation() == node.generation()) {
            return false;
        }
        if (before != null) {
            before.close();
            tails.put(node.id(), tail);
        }
        tail.start(entered);
        return true;
    }

    /** Without its machine it is forgotten, unless a job may run there and the machine may come back. */
    private void remove(SshNode node) throws IOException {
        JobTail tail = tails.get(node.id());
        if (tail != null && tail.node().generation() == node.generation()) {
            tails.remove(node.id(), tail);
            tail.close();
        }
        if (node.there() && connections.known(node.target())) {
            try (SshConnection connection = connections.enter(node.target())) {
                connection.run(SHORTLY.multipliedBy(5), "m_remove", node.folder());
            } catch (SshFailure e) {
                if (node.busy() && !connections.givenUp(node.target())) {
                    throw new MachineAway(e);
                }
                LOG.warn("{} stays on its machine: {}", node.folder(), e.getMessage());
            }
        }
        nodes.remove(node);
    }

    private SshNode require(NodeId id, int generation) throws IOException {
        return nodes.find(id, generation).orElseThrow(() -> new IOException("Node " + id + " is not there"));
    }

    private static String url(int port) {
        return "https://127.0.0.1:" + port;
    }
}
