package dev.malachite.server.runtime.simulated;

import dev.malachite.engine.NodeId;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.runtime.Timers;
import dev.malachite.server.runtime.simulated.SimulatedStore.Ending;
import dev.malachite.server.runtime.simulated.SimulatedStore.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Plays nodes and jobs in the emulator's time: a thousand nodes cost a thousand timers. Timers fire on the loop's thread,
 * so an end looks only at what is in memory; files are written by the calls, on threads of their own.
 */
final class SimulatedRuntime implements NodeRuntime {

    private final InstanceRuntime instances = new PlayedInstances();
    private final SimulatedStore store;
    private final Timers timers;
    private final Clock clock;
    private final RuntimeObserver observer;
    private final Map<NodeId, Node> nodes = new ConcurrentHashMap<>();
    private final Map<NodeId, Timers.Cancel> endings = new ConcurrentHashMap<>();
    private volatile boolean closed;

    SimulatedRuntime(SimulatedStore store, Timers timers, Clock clock, RuntimeObserver observer) {
        this.store = store;
        this.timers = timers;
        this.clock = clock;
        this.observer = observer;
        store.all().forEach(node -> nodes.put(node.id(), node));
    }

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.SIMULATED;
    }

    @Override
    public Optional<InstanceRuntime> instances() {
        return Optional.of(instances);
    }

    @Override
    public String emulatorUrl() {
        return "https://malachite.internal";
    }

    @Override
    public PreparedImage prepareImage(ImageDefinition definition, Consumer<String> log) {
        log.accept("Simulated: '" + definition.baseImage() + "' is taken to be there.");
        return new PreparedImage("simulated", "python");
    }

    @Override
    public void openNode(NodeSpec node) throws IOException {
        if (find(node.id(), node.generation()).isEmpty()) {
            forget(node.id());
            put(new Node(node.id(), node.generation(), Optional.empty()));
        }
    }

    @Override
    public void startJob(NodeSpec spec, JobStart job) throws IOException {
        Node node = find(spec.id(), spec.generation())
                .orElseThrow(() -> new IOException("Node " + spec.id() + " is not there"));
        if (node.ending().isEmpty()) {
            SimulatedJob simulated = SimulatedJob.of(job);
            Instant end = simulated.end(clock.instant());
            node = new Node(
                    node.id(),
                    node.generation(),
                    Optional.of(new Ending(end, simulated.exitCode(), simulated.ignoresTerm())));
            put(node); // before it prints: a start that was cut off here is followed, not repeated
            if (!simulated.output().isEmpty()) {
                print(simulated.output(), job.logs());
            }
        }
        schedule(node);
    }

    private static void print(String output, List<Path> logs) throws IOException {
        for (Path log : logs) {
            Files.createDirectories(log.getParent());
            Files.writeString(
                    log, output, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    @Override
    public void stopJob(NodeId id, int generation, List<Path> logs, Duration grace) throws IOException {
        Optional<Node> found = find(id, generation).filter(node -> node.ending().isPresent());
        if (found.isEmpty()) {
            observer.neverBegun(id, generation);
            return;
        }
        Node node = found.get();
        Ending planned = node.ending().orElseThrow();
        Instant now = clock.instant();
        Ending stopped =
                planned.ignoresTerm() ? new Ending(now.plus(grace), 128 + 9, true) : new Ending(now, 128 + 15, false);
        if (stopped.at().isBefore(planned.at())) {
            node = new Node(id, generation, Optional.of(stopped));
            put(node);
        }
        schedule(node);
    }

    @Override
    public void collect(NodeId node, int generation, FileSink sink) {
        // A simulated job writes nothing.
    }

    @Override
    public String dataFolder(NodeSpec node) {
        return "/simulated/" + node.id();
    }

    @Override
    public void collectData(NodeId node, int generation, String folder, FileSink sink) {
        // A simulated job writes nothing.
    }

    @Override
    public void closeNode(NodeId node) throws IOException {
        forget(node);
        nodes.remove(node);
        store.remove(node);
    }

    @Override
    public void closeTarget(TargetId target) {
        // Simulated nodes share nothing.
    }

    @Override
    public List<Found> list() {
        Instant now = clock.instant();
        return nodes.values().stream()
                .map(node -> new Found(
                        node.id(),
                        node.generation(),
                        node.ending().map(end -> end.at().isAfter(now)).orElse(true)))
                .toList();
    }

    @Override
    public void close() {
        closed = true;
        endings.values().forEach(Timers.Cancel::cancel);
        endings.clear();
        try {
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Node> find(NodeId id, int generation) {
        return Optional.ofNullable(nodes.get(id)).filter(node -> node.generation() == generation);
    }

    private void put(Node node) throws IOException {
        store.put(node);
        nodes.put(node.id(), node);
    }

    private void schedule(Node node) {
        forget(node.id());
        Ending ending = node.ending().orElseThrow();
        endings.put(node.id(), timers.at(ending.at(), () -> end(node)));
    }

    private void end(Node node) {
        // A timer that fires while the node is closed or the job is stopped has nothing to tell.
        if (!closed && node.equals(nodes.get(node.id()))) {
            endings.remove(node.id());
            observer.jobExited(
                    node.id(), node.generation(), node.ending().orElseThrow().exitCode(), "");
        }
    }

    private void forget(NodeId node) {
        Timers.Cancel ending = endings.remove(node);
        if (ending != null) {
            ending.cancel();
        }
    }
}
