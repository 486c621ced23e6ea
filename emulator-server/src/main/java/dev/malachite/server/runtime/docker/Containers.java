package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import dev.malachite.engine.NodeId;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.LogLimit;
import dev.malachite.server.runtime.NodeSpec;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes, finds and removes the containers that are nodes. */
final class Containers {

    /** Our folder inside: the job file, the certificate, the marker. */
    static final String STATE = "/m";

    /** Where a job's files are, and where it runs. */
    static final String WORK = "/mnt/azureml/wd";

    /** Where its inputs are, and its named outputs. */
    static final String DATA = "/mnt/azureml/data";

    /** It is there from the moment on at which a container takes files over its line. */
    static final String TAKING = STATE + "/taking";

    /**
     * The container waits for a line and then becomes the job; 125 says that it never came. Either the files are there by
     * then and the line is {@code go}, or it is the length of an archive that follows it. Nothing can follow that: some
     * heads read too far. The streams are one because the engine reads two separately, and lines would change places.
     */
    static final List<String> WAIT =
            List.of("sh", "-c", """
            mkdir -p M/
            if ! command -v python >/dev/null 2>&1 && command -v python3 >/dev/null 2>&1; then
              mkdir -p M/bin && ln -s "$(command -v python3)" M/bin/python
            fi
            TRUST
            while read -r line || exit 125; do
              case $line in
                go) break ;;
                [1-9]*) true > M/taking; if head -c "$line" | tar -xf - -C / 2>&1; then break; else exit 125; fi ;;
              esac
            done
            exec </dev/null 2>&1
            . M/job
            """.replace("TRUST", JobFile.copyBundle(STATE)).replace("M/", STATE + "/"));

    /** What root inside keeps: pip and the like own files and change users; nothing reaches out of the container. */
    private static final Capability[] KEPT = {
        Capability.CHOWN,
        Capability.DAC_OVERRIDE,
        Capability.FOWNER,
        Capability.SETUID,
        Capability.SETGID,
        Capability.KILL
    };

    private static final long MIB = 1L << 20;

    /** How many processes a container may have. */
    static final long PIDS = 4096;

    /** As {@code docker run --gpus all} sends it. */
    private static final int ALL = -1;

    private final Engine engine;
    private final Labels labels;
    private final Networks networks;
    private final HostSize host;
    private final LogLimit logs;

    Containers(Engine engine, Labels labels, Networks networks, HostSize host, LogLimit logs) {
        this.engine = engine;
        this.labels = labels;
        this.networks = networks;
        this.host = host;
        this.logs = logs;
    }

    /** How a container is. */
    record State(boolean running, int exitCode, boolean outOfMemory) {}

    String name(NodeId node, int generation) {
        return "malachite-" + labels.instance() + "-" + node + "-" + generation;
    }

    /** All of one node's, whichever generation. */
    List<Container> of(NodeId node) throws IOException {
        return list(labels.anyGeneration(node));
    }

    List<Container> all() throws IOException {
        return list(labels.instanceOnly()).stream()
                .filter(container -> container.getLabels().containsKey(Labels.NODE))
                .toList();
    }

    String create(NodeSpec node) throws IOException {
        Subnetworks.Subnetwork network = networks.ensure(node.target());
        String address = Networks.address(network, node.slot());
        HostConfig limits = limits(node, logs, host.cpus(), host.gpus()).withNetworkMode(network.id());
        networks.extraHost().ifPresent(limits::withExtraHosts);
        return engine.call(
                "create node " + node.id(),
                docker -> docker.createContainerCmd(node.image())
                        .withName(name(node.id(), node.generation()))
                        .withLabels(labels.node(node))
                        .withHostName(node.id().value())
                        .withAliases(node.id().value())
                        .withIpv4Address(address)
                        .withHostConfig(limits)
                        .withEntrypoint(WAIT)
                        .withCmd(List.of())
                        .withWorkingDir("/")
                        // As on Azure, where jobs are root in their container, whatever user an image names.
                        .withUser("0:0")
                        .withStopSignal("SIGTERM")
                        .withStdinOpen(true)
                        .withStdInOnce(false)
                        .withTty(false)
                        .exec()
                        .getId());
    }

    /** The limits that every container of ours has, nodes and builds alike. */
    static HostConfig confined(LogLimit logs) {
        return HostConfig.newHostConfig()
                .withInit(true)
                .withCapDrop(Capability.ALL)
                .withCapAdd(KEPT)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withPidsLimit(PIDS)
                .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE, logs.options()));
    }

    void start(String id) throws IOException {
        engine.call("start a container", docker -> {
            try {
                return docker.startContainerCmd(id).exec();
            } catch (com.github.dockerjava.api.exception.NotModifiedException e) {
                // It runs already.
                return null;
            }
        });
    }

    State state(String id) throws IOException {
        InspectContainerResponse.ContainerState state = engine.call(
                "inspect a container",
                docker -> docker.inspectContainerCmd(id).exec().getState());
        Long code = state.getExitCodeLong();
        return new State(
                Boolean.TRUE.equals(state.getRunning()),
                code == null ? 255 : code.intValue(),
                Boolean.TRUE.equals(state.getOOMKilled()));
    }

    /** Whether the container was made and nothing more: it has never run. */
    boolean fresh(String id) throws IOException {
        return "created"
                .equals(engine.call(
                        "inspect a container",
                        docker ->
                                docker.inspectContainerCmd(id).exec().getState().getStatus()));
    }

    /** Whether the container's job began: its first act is to leave a mark. */
    boolean started(String id) throws IOException {
        return exists(id, STATE + "/started");
    }

    boolean exists(String id, String path) throws IOException {
        return engine.call("look for a file", docker -> {
            try {
                docker.copyArchiveFromContainerCmd(id, path).exec().close();
                return true;
            } catch (NotFoundException e) {
                if (missingContainer(e)) {
                    throw e;
                }
                return false;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    /** Whether a program is where every image has its usual ones. */
    boolean program(String id, String name) throws IOException {
        return exists(id, "/bin/" + name) || exists(id, "/usr/bin/" + name);
    }

    /** Reads a folder as an archive; not there is no error. */
    void read(String id, String path, Duration deadline, Function<InputStream, @Nullable IOException> reader)
            throws IOException {
        Optional<IOException> failure = engine.call("read files of a container", deadline, docker -> {
            try (InputStream archive =
                    new EngineInput(docker.copyArchiveFromContainerCmd(id, path).exec())) {
                return Optional.ofNullable(reader.apply(archive));
            } catch (NotFoundException e) {
                if (missingContainer(e)) {
                    throw e;
                }
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(e);
            }
        });
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    void put(String id, Duration deadline, InputStream archive) throws IOException {
        engine.call(
                "put files into a container",
                deadline,
                docker -> docker.copyArchiveToContainerCmd(id)
                        .withRemotePath("/")
                        .withTarInputStream(archive)
                        .exec());
    }

    void stop(String id, Duration grace) throws IOException {
        int seconds = Math.clamp(grace.toSeconds(), 0, 3600);
        engine.call("stop a container", Engine.USUAL.plusSeconds(seconds), docker -> {
            try {
                return docker.stopContainerCmd(id).withTimeout(seconds).exec();
            } catch (com.github.dockerjava.api.exception.NotModifiedException e) {
                // It has ended already.
                return null;
            }
        });
    }

    void remove(String id) throws IOException {
        engine.remove(
                "remove a container",
                docker -> docker.removeContainerCmd(id)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec());
    }

    private static boolean missingContainer(NotFoundException e) {
        return Engine.message(e).startsWith("No such container");
    }

    private List<Container> list(Map<String, String> wanted) throws IOException {
        return engine.call(
                "list containers",
                docker -> docker.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(wanted)
                        .exec());
    }

    /**
     * What a node's container may use.
     *
     * @param cpus of the engine's machine
     * @param gpus whether it has any
     */
    static HostConfig limits(NodeSpec node, LogLimit logs, int cpus, boolean gpus) {
        long memory = Math.max(64, node.memoryMib()) * MIB;
        HostConfig limits = confined(logs)
                .withMemory(memory)
                .withMemorySwap(memory)
                // PyTorch's loaders share their batches there. What lies in it counts as the node's memory, so it needs
                // no
                // bound of its own, and whatever a job asks for (shm_size) it has.
                .withShmSize(memory)
                // The engine refuses more CPUs than the machine has.
                .withNanoCPUs(Math.clamp(node.cpus(), 1, cpus) * 1_000_000_000L);
        if (gpus && node.gpus() > 0) {
            // All of them: the engine refuses more than the machine has, and does not tell how many that are.
            limits.withDeviceRequests(
                    List.of(new DeviceRequest().withCount(ALL).withCapabilities(List.of(List.of("gpu")))));
        }
        return limits;
    }
}
