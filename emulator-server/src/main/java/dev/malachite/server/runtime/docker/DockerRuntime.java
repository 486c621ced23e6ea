package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Container;
import dev.malachite.engine.NodeId;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.CollectLimits;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.RuntimeObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Nodes as containers: each waits for one line and then becomes its job, so warm and cold starts are one path. */
final class DockerRuntime implements NodeRuntime {

    private static final Duration FILES = Duration.ofMinutes(10);

    private final Engine engine;
    private final Networks networks;
    private final Containers containers;
    private final Images images;
    private final JobTrigger triggers;
    private final LiveNodes live;
    private final EventWatch events;
    private final RuntimeObserver observer;
    private final Path temporary;
    private final String emulatorUrl;

    DockerRuntime(
            Engine engine,
            Labels labels,
            Networks networks,
            Images images,
            Path temporary,
            String emulatorUrl,
            RuntimeObserver observer) {
        this.engine = engine;
        this.networks = networks;
        this.containers = new Containers(engine, labels, networks);
        this.triggers = new JobTrigger(engine, containers);
        this.images = images;
        this.temporary = temporary;
        this.emulatorUrl = emulatorUrl;
        this.observer = observer;
        this.live = new LiveNodes(containers, networks, observer);
        this.events = new EventWatch(engine, labels, live);
        events.begin();
    }

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.DOCKER;
    }

    @Override
    public Optional<String> problem() {
        return events.problem();
    }

    @Override
    public String emulatorUrl() {
        return emulatorUrl;
    }

    @Override
    public Optional<String> gatewayAddress() throws IOException {
        return networks.gatewayAddress();
    }

    @Override
    public PreparedImage prepareImage(ImageDefinition definition, Consumer<String> log) throws ImageFailure {
        return images.prepare(definition, log);
    }

    @Override
    public void openNode(NodeSpec node) throws IOException {
        if (live.find(node.id(), node.generation())
                .flatMap(LiveNodes.Live::watch)
                .isPresent()) {
            return;
        }
        String wanted = containers.name(node.id(), node.generation());
        String waiting = "";
        for (Container container : containers.of(node.id())) {
            boolean same = List.of(container.getNames()).contains("/" + wanted);
            if (same && containers.started(container.getId())) {
                return;
            }
            if (same && "running".equals(container.getState())) {
                waiting = container.getId();
            } else {
                live.closing(node.id());
                containers.remove(container.getId());
            }
        }
        if (waiting.isEmpty()) {
            waiting = containers.create(node);
            try {
                containers.start(waiting);
            } catch (IOException e) {
                containers.remove(waiting);
                throw e;
            }
        } else {
            networks.ensure(node.target());
            networks.extraHost();
        }
        TriggerLine line = TriggerLine.open(engine, waiting);
        try {
            triggers.probe(node.image(), waiting);
        } catch (IOException e) {
            line.close();
            throw e;
        }
        live.opened(node.id(), node.generation(), waiting, line);
    }

    @Override
    public void startJob(NodeSpec node, JobStart job) throws IOException {
        Optional<LiveNodes.Live> opened = live.find(node.id(), node.generation());
        if (opened.isPresent() && opened.get().watch().isPresent()) {
            return;
        }
        String container =
                opened.map(LiveNodes.Live::container).orElseGet(() -> containers.name(node.id(), node.generation()));
        // A container that this process opened has had nobody else to start it.
        Optional<TriggerLine> line = opened.flatMap(LiveNodes.Live::trigger);
        if (line.isEmpty()) {
            networks.ensure(node.target());
            if (containers.started(container)) {
                watch(node.id(), node.generation(), job.log(), container).begin();
                return;
            }
        }
        JobWatch watch = watch(node.id(), node.generation(), job.log(), container);
        // Followed before it starts: opening the log's stream costs nothing while the files go in.
        watch.begin();
        try (JobArchive archive = JobArchive.of(job, temporary)) {
            if (line.isPresent()) {
                triggers.start(node.image(), container, archive, line.get(), watch);
            } else {
                triggers.start(container, archive, watch);
            }
        } catch (IOException e) {
            watch.close();
            live.unwatched(node.id(), node.generation());
            throw e;
        }
    }

    @Override
    public void stopJob(NodeId node, int generation, Path log, Duration grace) throws IOException {
        String container = containers.name(node, generation);
        if (!begun(container)) {
            observer.neverBegun(node, generation);
            return;
        }
        if (live.find(node, generation).flatMap(LiveNodes.Live::watch).isEmpty()) {
            watch(node, generation, log, container).begin();
        }
        try {
            containers.stop(container, grace);
        } catch (Engine.Missing e) {
            // Removed meanwhile, which who follows it tells.
        }
    }

    @Override
    public void collect(NodeId node, int generation, FileSink sink) throws IOException {
        String container = containers.name(node, generation);
        CollectLimits limits = new CollectLimits("Job on " + node);
        for (String folder : List.of("outputs", "logs")) {
            containers.read(container, Containers.WORK + "/" + folder, FILES, archive -> {
                try {
                    LeftFiles.unpack(archive, limits, sink);
                    return null;
                } catch (IOException e) {
                    return e;
                }
            });
        }
    }

    @Override
    public void closeNode(NodeId node) throws IOException {
        live.closing(node);
        for (Container container : containers.of(node)) {
            containers.remove(container.getId());
        }
        live.closed(node);
    }

    @Override
    public void closeTarget(TargetId target) throws IOException {
        networks.remove(target);
    }

    @Override
    public List<Found> list() throws IOException {
        List<Found> found = new ArrayList<>();
        for (Container container : containers.all()) {
            Map<String, String> labels = container.getLabels();
            NodeId node = new NodeId(String.valueOf(labels.get(Labels.NODE)));
            int generation = Integer.parseInt(labels.getOrDefault(Labels.GENERATION, "0"));
            boolean running = "running".equals(container.getState());
            if (running) {
                live.adopt(node, generation, container.getId());
            }
            found.add(new Found(node, generation, running));
        }
        return found;
    }

    @Override
    public void close() {
        events.close();
        live.close();
        engine.close();
    }

    private boolean begun(String container) throws IOException {
        try {
            return containers.started(container);
        } catch (Engine.Missing e) {
            return false;
        }
    }

    private JobWatch watch(NodeId node, int generation, Path log, String container) {
        JobWatch watch = new JobWatch(
                engine, containers, container, node, generation, log, observer, () -> live.unwatched(node, generation));
        live.watched(node, generation, container, watch);
        return watch;
    }
}
