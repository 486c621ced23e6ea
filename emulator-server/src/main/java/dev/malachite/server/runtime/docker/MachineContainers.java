package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.command.TopContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.FreePorts;
import dev.malachite.server.runtime.InstanceRuntime.Found;
import dev.malachite.server.runtime.InstanceRuntime.Notebooks;
import dev.malachite.server.runtime.InstanceSpec;
import dev.malachite.server.runtime.LogLimit;
import dev.malachite.server.runtime.NotebookServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Makes, finds and removes the containers that are machines of compute instances: one each, with its disk. */
final class MachineContainers {

    /** In front of the path below which the machine's Jupyter server serves. */
    private static final String PATH = "malachite.notebooks";

    private static final String LOOPBACK = "127.0.0.1";
    private static final ExposedPort SSH = ExposedPort.tcp(22);
    private static final ExposedPort NOTEBOOKS = ExposedPort.tcp(MachineFiles.NOTEBOOKS_PORT);
    private static final Duration FILES = Duration.ofMinutes(2);
    private static final LogLimit LOG = LogLimit.mib(4);
    private static final long MIB = 1L << 20;
    private static final int LONGEST_KEY = 1_000;

    /** The least in which a Jupyter server and a kernel have room. */
    private static final long LEAST_MIB = 512;

    /** What nodes need, and beside that what sshd (a root of its own for its unprivileged part) and sudo (its record). */
    private static final Capability[] KEPT = {Capability.SYS_CHROOT, Capability.AUDIT_WRITE};

    private final Engine engine;
    private final Containers containers;
    private final Labels labels;
    private final Networks networks;
    private final HostSize host;

    MachineContainers(Engine engine, Containers containers, Labels labels, Networks networks, HostSize host) {
        this.engine = engine;
        this.containers = containers;
        this.labels = labels;
        this.networks = networks;
        this.host = host;
    }

    /**
     * A machine that is there.
     *
     * @param ssh the port of this machine that leads to its sshd
     * @param notebooks where its Jupyter server listens
     */
    record Machine(String id, boolean running, Optional<Integer> ssh, String address, String notebooks, String path) {}

    Optional<Machine> find(TargetId instance) throws IOException {
        for (Container container : list()) {
            if (instance.toString().equals(container.getLabels().get(Labels.TARGET))) {
                return Optional.of(look(instance, container.getId(), container.getLabels()));
            }
        }
        return Optional.empty();
    }

    List<Found> all() throws IOException {
        List<Found> found = new ArrayList<>();
        for (Container container : list()) {
            Optional<TargetId> target = Labels.targetOf(container.getLabels());
            if (target.isPresent()) {
                // The engine's list is a moment late.
                found.add(new Found(target.get(), running(container.getId())));
            }
        }
        return found;
    }

    /** A fresh one, not started. */
    void create(InstanceSpec instance, String image) throws IOException {
        Subnetworks.Subnetwork network = networks.ensure(instance.id());
        Map<String, String> named = labels.machine(instance.id());
        named.put(PATH, instance.notebooksPath());
        HostConfig limits = limits(instance).withNetworkMode(network.id()).withPortBindings(ports(instance));
        networks.extraHost().ifPresent(limits::withExtraHosts);
        engine.call(
                "create the machine of " + instance.id(),
                docker -> docker.createContainerCmd(image)
                        .withName("malachite-" + labels.instance() + "-"
                                + instance.id().workspace() + "-"
                                + instance.id().name())
                        .withLabels(named)
                        .withHostName(instance.name())
                        .withAliases(instance.name())
                        .withIpv4Address(Networks.machineAddress(network))
                        .withExposedPorts(SSH, NOTEBOOKS)
                        .withHostConfig(limits)
                        .withEntrypoint("sh", Containers.STATE + "/start.sh")
                        .withCmd(List.of())
                        .withWorkingDir("/")
                        .withUser("0:0")
                        .withStopSignal("SIGTERM")
                        .exec());
    }

    /** Brings the files of a start, and the size. */
    void prepare(Machine machine, InstanceSpec instance, String key) throws IOException {
        networks.ensure(instance.id());
        networks.extraHost();
        resize(machine, instance);
        containers.put(machine.id(), FILES, new ByteArrayInputStream(MachineFiles.of(instance, key)));
    }

    /** Whatever it does at that moment. */
    void resize(Machine machine, InstanceSpec instance) throws IOException {
        HostConfig limits = limits(instance);
        engine.call(
                "resize the machine of " + instance.id(),
                docker -> docker.updateContainerCmd(machine.id())
                        .withMemory(limits.getMemory())
                        .withMemorySwap(limits.getMemorySwap())
                        .withNanoCPUs(limits.getNanoCPUs())
                        .exec());
    }

    /** The key of its Jupyter server, as it was brought at its last start. */
    String key(Machine machine) throws IOException {
        StringBuilder key = new StringBuilder();
        containers.read(machine.id(), MachineFiles.KEY, FILES, archive -> {
            try {
                TarArchiveInputStream tar = new TarArchiveInputStream(archive, StandardCharsets.UTF_8.name());
                if (tar.getNextEntry() != null) {
                    // Whoever is root in there may have put anything in its place.
                    key.append(new String(tar.readNBytes(LONGEST_KEY), StandardCharsets.US_ASCII).strip());
                }
                return null;
            } catch (IOException e) {
                return e;
            }
        });
        if (!NotebookServer.isKey(key.toString())) {
            throw new IOException("The machine has lost the key of its Jupyter server; restart it");
        }
        return key.toString();
    }

    Notebooks notebooks(Machine machine, String key) {
        return new Notebooks(machine.notebooks(), machine.path(), key);
    }

    /** Where we reach its sshd, if it lets anybody in. */
    Optional<InetSocketAddress> ssh(Machine machine) throws IOException {
        boolean direct = networks.reachesContainers();
        return machine.ssh()
                .map(port -> direct
                        ? new InetSocketAddress(InetAddress.ofLiteral(machine.address()), SSH.getPort())
                        : new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), port));
    }

    /** Whether somebody is logged in over SSH. */
    boolean somebodyLoggedIn(Machine machine) throws IOException {
        TopContainerResponse processes = engine.call(
                "list processes of a machine",
                docker -> docker.topContainerCmd(machine.id()).exec());
        // The part of sshd that serves a session runs as its user and is called after it and its terminal, or "notty".
        return java.util.Arrays.stream(processes.getProcesses())
                .flatMap(java.util.Arrays::stream)
                .anyMatch(word -> word.startsWith("sshd: azureuser@"));
    }

    void start(Machine machine) throws IOException {
        containers.start(machine.id());
    }

    boolean running(String id) throws IOException {
        return containers.state(id).running();
    }

    void stop(Machine machine, Duration grace) throws IOException {
        containers.stop(machine.id(), grace);
    }

    void remove(Machine machine) throws IOException {
        containers.remove(machine.id());
    }

    private List<Container> list() throws IOException {
        return engine.call(
                "list machines",
                docker -> docker.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(labels.machines())
                        .exec());
    }

    private Machine look(TargetId instance, String id, Map<String, String> labels) throws IOException {
        String address = Networks.machineAddress(networks.ensure(instance));
        boolean direct = networks.reachesContainers();
        return engine.call("inspect a machine", docker -> {
            var found = docker.inspectContainerCmd(id).exec();
            Map<ExposedPort, Ports.Binding[]> bound =
                    found.getHostConfig().getPortBindings().getBindings();
            String notebooks = direct
                    ? address + ":" + MachineFiles.NOTEBOOKS_PORT
                    : LOOPBACK + ":" + port(bound, NOTEBOOKS).orElse(0);
            return new Machine(
                    id,
                    Boolean.TRUE.equals(found.getState().getRunning()),
                    port(bound, SSH),
                    address,
                    "http://" + notebooks,
                    labels.getOrDefault(PATH, "/"));
        });
    }

    private static Optional<Integer> port(Map<ExposedPort, Ports.Binding[]> bound, ExposedPort port) {
        Ports.Binding[] bindings = bound.get(port);
        return bindings == null || bindings.length == 0
                ? Optional.empty()
                : Optional.of(Integer.valueOf(bindings[0].getHostPortSpec()));
    }

    /** Chosen by us, because the engine would choose others at every start. */
    private List<PortBinding> ports(InstanceSpec instance) throws IOException {
        List<PortBinding> ports = new ArrayList<>();
        if (instance.sshPublicKey().isPresent() || instance.login().isPresent()) {
            ports.add(new PortBinding(Ports.Binding.bindIpAndPort(LOOPBACK, FreePorts.any()), SSH));
        }
        if (instance.login().isEmpty() && !networks.reachesContainers()) {
            ports.add(new PortBinding(Ports.Binding.bindIpAndPort(LOOPBACK, FreePorts.any()), NOTEBOOKS));
        }
        return ports;
    }

    /** As for nodes, but with sudo, for which no-new-privileges must not be set. */
    private HostConfig limits(InstanceSpec instance) throws IOException {
        long memory = Math.max(LEAST_MIB, instance.memoryMib()) * MIB;
        HostConfig confined = Containers.confined(LOG);
        List<Capability> kept = new ArrayList<>(List.of(confined.getCapAdd()));
        kept.addAll(List.of(KEPT));
        return confined.withCapAdd(kept.toArray(Capability[]::new))
                .withSecurityOpts(List.of())
                .withMemory(memory)
                .withMemorySwap(memory)
                .withShmSize(memory / 2)
                .withNanoCPUs(Math.clamp(instance.cpus(), 1, host.cpus()) * 1_000_000_000L);
    }
}
