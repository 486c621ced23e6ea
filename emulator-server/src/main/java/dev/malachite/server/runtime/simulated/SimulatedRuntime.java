package dev.malachite.server.runtime.simulated;

import dev.malachite.engine.NodeId;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.runtime.Timers;
import dev.malachite.server.runtime.simulated.SimulatedStore.Ending;
import dev.malachite.server.runtime.simulated.SimulatedStore.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Plays nodes and jobs in the emulator's time: a thousand nodes cost a thousand timers. */
final class SimulatedRuntime implements NodeRuntime {

    private final SimulatedStore store;
    private final Timers timers;
    private final Clock clock;
    private final RuntimeObserver observer;
    private final Map<NodeId, Timers.Cancel> endings = new HashMap<>();
    private boolean closed;

    SimulatedRuntime(SimulatedStore store, Timers timers, Clock clock, RuntimeObserver observer) {
        this.store = store;
        this.timers = timers;
        this.clock = clock;
        this.observer = observer;
    }

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.SIMULATED;
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
    public synchronized void openNode(NodeSpec node) throws IOException {
        boolean there = store.find(node.id())
                .filter(found -> found.generation() == node.generation())
                .isPresent();
        if (!there) {
            forget(node.id());
            store.put(new Node(node.id(), node.generation(), Optional.empty()));
        }
    }

    @Override
    public synchronized void startJob(NodeSpec spec, JobStart job) throws IOException {
        Node node = find(spec.id(), spec.generation())
                .orElseThrow(() -> new IOException("Node " + spec.id() + " is not there"));
        if (node.ending().isEmpty()) {
            SimulatedJob simulated = SimulatedJob.of(job);
            Files.writeString(
                    job.log(),
                    simulated.output(),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            Instant end = simulated.end(clock.instant());
            node = new Node(
                    node.id(),
                    node.generation(),
                    Optional.of(new Ending(end, simulated.exitCode(), simulated.ignoresTerm())));
            store.put(node);
        }
        schedule(node);
    }

    @Override
    public synchronized void stopJob(NodeId id, int generation, Duration grace) throws IOException {
        Optional<Node> found = find(id, generation).filter(node -> node.ending().isPresent());
        if (found.isEmpty()) {
            return;
        }
        Ending planned = found.get().ending().orElseThrow();
        Instant now = clock.instant();
        Ending stopped =
                planned.ignoresTerm() ? new Ending(now.plus(grace), 128 + 9, true) : new Ending(now, 128 + 15, false);
        if (stopped.at().isBefore(planned.at())) {
            Node node = new Node(id, generation, Optional.of(stopped));
            store.put(node);
            schedule(node);
        }
    }

    @Override
    public void collect(NodeId node, int generation, FileSink sink) {
        // A simulated job writes nothing.
    }

    @Override
    public synchronized void closeNode(NodeId node) throws IOException {
        forget(node);
        store.remove(node);
    }

    @Override
    public void closeTarget(TargetId target) {
        // Simulated nodes share nothing.
    }

    @Override
    public synchronized List<Found> list() throws IOException {
        Instant now = clock.instant();
        return store.all().stream()
                .map(node -> new Found(
                        node.id(),
                        node.generation(),
                        node.ending().map(end -> end.at().isAfter(now)).orElse(true)))
                .toList();
    }

    @Override
    public synchronized void close() {
        closed = true;
        endings.values().forEach(Timers.Cancel::cancel);
        endings.clear();
    }

    private Optional<Node> find(NodeId id, int generation) throws IOException {
        return store.find(id).filter(node -> node.generation() == generation);
    }

    private void schedule(Node node) {
        forget(node.id());
        Ending ending = node.ending().orElseThrow();
        endings.put(node.id(), timers.at(ending.at(), () -> end(node)));
    }

    private void end(Node node) {
        Ending ending = node.ending().orElseThrow();
        synchronized (this) {
            if (closed || !stillPlanned(node)) {
                return;
            }
            endings.remove(node.id());
        }
        observer.jobExited(node.id(), node.generation(), ending.exitCode(), "");
    }

    /** A timer that fires while the node is closed or the job is stopped has nothing to tell. */
    private boolean stillPlanned(Node node) {
        try {
            return store.find(node.id()).filter(node::equals).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private void forget(NodeId node) {
        Timers.Cancel ending = endings.remove(node);
        if (ending != null) {
            ending.cancel();
        }
    }
}
