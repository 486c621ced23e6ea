package dev.malachite.server.runtime.process;

import dev.malachite.engine.NodeId;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.CollectLimits;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.LogLimit;
import dev.malachite.server.runtime.Meeting;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeShell;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.runtime.SafePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs jobs as process groups of this machine, each in a folder of its own, kept by a small shell that outlives us. */
final class ProcessRuntime implements NodeRuntime {

    /** There where NVIDIA's driver is. */
    private static final Path GPUS = Path.of("/dev/nvidiactl");

    /** Of each log; as much as by default of a container's. */
    private static final LogLimit LOGS = LogLimit.mib(64);

    private final Path nodes;
    private final String emulatorUrl;
    private final VirtualEnvironments environments;
    private final Keeper keepers;
    private final JobExits exits;
    private final RuntimeObserver observer;
    private final LoopbackPorts ports = new LoopbackPorts();
    private final ProcessInstances instances;

    ProcessRuntime(Path data, String emulatorUrl, RuntimeObserver observer) {
        this(data, emulatorUrl, observer, LOGS);
    }

    ProcessRuntime(Path data, String emulatorUrl, RuntimeObserver observer, LogLimit logs) {
        this.nodes = data.toAbsolutePath().normalize().resolve("nodes");
        this.emulatorUrl = emulatorUrl;
        this.environments = new VirtualEnvironments(nodes.resolveSibling("environments"));
        this.keepers = new Keeper();
        this.exits = new JobExits(observer, logs);
        this.observer = observer;
        this.instances = new ProcessInstances(data.toAbsolutePath().normalize().resolve("machines"), environments);
    }

    @Override
    public RuntimeKind kind() {
        return RuntimeKind.PROCESS;
    }

    /** Processes see what the machine has. */
    @Override
    public boolean hasGpus() {
        return Files.exists(GPUS);
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
    public PreparedImage prepareImage(ImageDefinition definition, Consumer<String> log) throws ImageFailure {
        return environments.prepare(definition, log);
    }

    @Override
    public void openNode(NodeSpec node) throws IOException {
        for (NodeFolder other : generations(node.id())) {
            if (other.generation() != node.generation()) {
                remove(other);
            }
        }
        folder(node.id(), node.generation()).create();
    }

    /** All of them on this machine, whose ports jobs share. */
    @Override
    public Meeting meet(List<NodeId> nodes, int generation, List<Integer> wished) throws IOException {
        NodeFolder first = folder(nodes.getFirst(), generation);
        return new Meeting(Collections.nCopies(nodes.size(), LoopbackPorts.HOST), ports.of(first, wished.size()));
    }

    @Override
    public void startJob(NodeSpec node, JobStart job) throws IOException {
        NodeFolder folder = folder(node.id(), node.generation());
        if (!Files.isDirectory(folder.state())) {
            throw new IOException("Node " + node.id() + " is not there");
        }
        if (!folder.taken()) {
            keepers.start(folder, job, node.image());
        }
        exits.follow(folder, job.logs());
    }

    @Override
    public void stopJob(NodeId node, int generation, List<Path> logs, Duration grace) throws IOException {
        NodeFolder folder = folder(node, generation);
        if (!folder.taken()) {
            observer.neverBegun(node, generation);
            return;
        }
        exits.follow(folder, logs);
        Optional<ProcessHandle> keeper = folder.keeper();
        if (keeper.isEmpty() || folder.exitCode().isPresent()) {
            return;
        }
        try {
            Keeper.terminate(folder);
            if (!Keeper.awaitEnd(folder, keeper.get(), grace)) {
                Keeper.kill(folder, keeper.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    @Override
    public void collect(NodeId node, int generation, FileSink sink) throws IOException {
        Path work = folder(node, generation).work();
        CollectLimits limits = new CollectLimits("Job on " + node);
        for (String name : List.of("outputs", "logs")) {
            hand(work, work.resolve(name), limits, sink);
        }
    }

    @Override
    public String dataFolder(NodeSpec node) {
        return folder(node.id(), node.generation()).data().toString();
    }

    @Override
    public void collectData(NodeId node, int generation, String name, FileSink sink) throws IOException {
        Path top = SafePath.below(folder(node, generation).data(), name);
        hand(top, top, new CollectLimits("Job on " + node), sink);
    }

    /** Hands over what lies in a folder, with paths relative to {@code root}. */
    private static void hand(Path root, Path top, CollectLimits limits, FileSink sink) throws IOException {
        // Links are not followed: they may lead out of the job's folder.
        if (!Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String path = root.relativize(file).toString();
                if (attributes.isRegularFile() && limits.admit(path, attributes.size())) {
                    try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                        sink.file(path, content);
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public boolean enterable() {
        return true;
    }

    @Override
    public NodeShell enter(NodeId node, int generation, NodeShell.Wish wish) throws IOException {
        NodeFolder folder = folder(node, generation);
        if (!Files.isDirectory(folder.work())) {
            throw new IOException("Node %s has no folder any more.".formatted(node));
        }
        return FolderShell.begin(folder, wish);
    }

    @Override
    public void closeNode(NodeId node) throws IOException {
        for (NodeFolder folder : generations(node)) {
            remove(folder);
        }
        Files.deleteIfExists(nodes.resolve(node.value()));
    }

    @Override
    public void closeTarget(TargetId target) {
        // Processes share nothing.
    }

    @Override
    public List<Found> list() throws IOException {
        List<Found> found = new ArrayList<>();
        for (Path node : Folders.in(nodes)) {
            for (NodeFolder folder : generations(new NodeId(node.getFileName().toString()))) {
                boolean waits = !folder.taken();
                boolean running =
                        folder.exitCode().isEmpty() && (waits || folder.keeper().isPresent());
                found.add(new Found(folder.node(), folder.generation(), running));
            }
        }
        return found;
    }

    @Override
    public void close() {
        exits.close();
        instances.close();
    }

    private void remove(NodeFolder folder) throws IOException {
        exits.forget(folder);
        ports.release(folder);
        Optional<ProcessHandle> keeper = folder.keeper();
        if (keeper.isPresent() && folder.exitCode().isEmpty()) {
            try {
                Keeper.kill(folder, keeper.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted", e);
            }
        }
        folder.remove();
    }

    private NodeFolder folder(NodeId node, int generation) {
        return new NodeFolder(node, generation, nodes.resolve(node.value()).resolve(Integer.toString(generation)));
    }

    private List<NodeFolder> generations(NodeId node) throws IOException {
        return Folders.in(nodes.resolve(node.value())).stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.matches("\\d{1,9}"))
                .map(name -> folder(node, Integer.parseInt(name)))
                .toList();
    }
}
