package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Container;
import dev.malachite.engine.NodeId;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.CollectLimits;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.LeftFiles;
import dev.malachite.server.runtime.LogLimit;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeShell;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.runtime.SafePath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Nodes as containers: each waits for one line and then becomes its job, so warm and cold starts are one path. */
final class DockerRuntime implements NodeRuntime {

    private static final Duration FILES = Duration.ofMinutes(10);

    /** A container that may still have its job before it. */
    private static final Set<String> WAITING = Set.of("running", "created");

    private final Engine engine;
    private final DockerSettings settings;
    private final HostSize host;
    private final LogLimit logs;
    private final Networks networks;
    private final Containers containers;
    private final Images images;
    private final JobTrigger triggers;
    private final LiveNodes live;
    private final EventWatch events;
    private final RuntimeObserver observer;
    private final String emulatorUrl;
    private final DockerInstances instances;

    DockerRuntime(
            Engine engine,
            Labels labels,
            DockerSettings settings,
            HostSize host,
            Networks networks,
            Images images,
            String emulatorUrl,
            RuntimeObserver observer) {
        this.engine = engine;
        this.settings = settings;
        this.host = host;
        this.logs = LogLimit.mib(settings.jobLogMib());
        this.networks = networks;
        this.containers = new Containers(engine, labels, networks, host, logs);
        this.triggers = new JobTrigger(engine, containers);
        this.images = images;
        this.instances = new DockerInstances(
                new MachineContainers(engine, containers, labels, networks, host),
                new MachineScript(engine, containers),
                images);
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
    public boolean hasGpus() throws IOException {
        return host.gpus();
    }

    @Override
    public Optional<InstanceRuntime> instances() {
        return Optional.of(instances);
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
        String container = "";
        for (Container found : containers.of(node.id())) {
            boolean same = List.of(found.getNames()).contains("/" + wanted);
            if (same && containers.started(found.getId())) {
                return;
            }
            if (same && WAITING.contains(found.getState())) {
                container = found.getId();
            } else {
                live.closing(node.id());
                containers.remove(found.getId());
            }
        }
        if (container.isEmpty()) {
            container = containers.create(node);
        } else {
            networks.ensure(node.target());
            networks.extraHost();
        }
        // Beyond that many it takes no memory until its job comes.
        if (live.mayWait(node.id(), warmContainers())) {
            try {
                live.opened(node.id(), node.generation(), container, begin(node, container));
            } finally {
                live.gaveUp(node.id());
            }
        }
    }

    /** Has the container wait for its job; one that cannot is not left behind. */
    private TriggerLine begin(NodeSpec node, String container) throws IOException {
        try {
            containers.start(container);
        } catch (IOException e) {
            containers.remove(container);
            throw e;
        }
        TriggerLine line = TriggerLine.open(engine, container);
        try {
            triggers.probe(node.image(), container);
            return line;
        } catch (IOException e) {
            line.close();
            throw e;
        }
    }

    private int warmContainers() throws IOException {
        return settings.warmContainers() == null ? host.warmContainers() : settings.warmContainers();
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
            if (containers.fresh(container)) {
                line = Optional.of(begin(node, container));
            } else if (containers.started(container)) {
                watch(node.id(), node.generation(), job.logs(), container).begin();
                return;
            }
        }
        JobArchive archive;
        try {
            archive = JobArchive.of(job);
        } catch (IOException | RuntimeException e) {
            line.ifPresent(TriggerLine::close);
            live.unwatched(node.id(), node.generation());
            throw e;
        }
        JobWatch watch = watch(node.id(), node.generation(), job.logs(), container);
        // Followed before it starts: opening the log's stream costs nothing while the files go in.
        watch.begin();
        try {
            if (line.isPresent()) {
                triggers.start(node.image(), container, archive, line.get(), watch);
            } else {
                triggers.start(container, archive, watch);
            }
        } catch (IOException | RuntimeException e) {
            watch.close();
            live.unwatched(node.id(), node.generation());
            throw e;
        }
    }

    @Override
    public void stopJob(NodeId node, int generation, List<Path> logs, Duration grace) throws IOException {
        String container = containers.name(node, generation);
        if (!begun(container)) {
            observer.neverBegun(node, generation);
            return;
        }
        JobWatch watch = live.find(node, generation)
                .flatMap(LiveNodes.Live::watch)
                .orElseGet(() -> {
                    JobWatch begun = watch(node, generation, logs, container);
                    begun.begin();
                    return begun;
                });
        try {
            containers.stop(container, grace);
            // Who removes the container next would take the end of the log with it.
            watch.awaitEnd();
        } catch (Engine.Missing e) {
            // Removed meanwhile, which who follows it tells.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Engine.Gone("Interrupted while the job on " + node + " ended", e);
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
    public String dataFolder(NodeSpec node) {
        return Containers.DATA;
    }

    @Override
    public void collectData(NodeId node, int generation, String name, FileSink sink) throws IOException {
        String container = containers.name(node, generation);
        CollectLimits limits = new CollectLimits("Job on " + node);
        // The engine's archive begins with the folder's own name.
        String top = name.substring(name.lastIndexOf('/') + 1) + "/";
        FileSink below = (path, content) -> {
            if (path.startsWith(top)) {
                sink.file(path.substring(top.length()), content);
            }
        };
        containers.read(container, Containers.DATA + "/" + SafePath.relative(name), FILES, archive -> {
            try {
                LeftFiles.unpack(archive, limits, below);
                return null;
            } catch (IOException e) {
                return e;
            }
        });
    }

    @Override
    public boolean enterable() {
        return true;
    }

    @Override
    public NodeShell enter(NodeId node, int generation, NodeShell.Wish wish) throws IOException {
        String container = containers.name(node, generation);
        try {
            if (containers.fresh(container)) {
                // Its job will find it as one that waited through a restart of ours.
                containers.start(container);
                live.adopt(node, generation, container);
            }
            if (containers.state(container).running()) {
                return NodeExec.begin(engine, container, wish);
            }
        } catch (Engine.Missing e) {
            // As one that does not run.
        }
        throw new IOException("The container of node %s has ended; log in again in a moment.".formatted(node));
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
            if ("running".equals(container.getState())) {
                live.adopt(node, generation, container.getId());
            }
            found.add(new Found(node, generation, WAITING.contains(container.getState())));
        }
        return found;
    }

    @Override
    public void close() {
        events.close();
        live.close();
        instances.close();
        engine.close();
    }

    private boolean begun(String container) throws IOException {
        try {
            return containers.started(container);
        } catch (Engine.Missing e) {
            return false;
        }
    }

    private JobWatch watch(NodeId node, int generation, List<Path> files, String container) {
        JobWatch watch = new JobWatch(
                engine,
                containers,
                container,
                node,
                generation,
                files,
                logs,
                observer,
                () -> live.unwatched(node, generation));
        live.watched(node, generation, container, watch);
        return watch;
    }
}
