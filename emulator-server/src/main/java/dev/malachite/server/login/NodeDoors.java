package dev.malachite.server.login;

import dev.malachite.engine.Node;
import dev.malachite.engine.NodeId;
import dev.malachite.engine.NodePhase;
import dev.malachite.server.Settings;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.runtime.FreePorts;
import dev.malachite.server.runtime.MachineLogin;
import dev.malachite.server.runtime.NodeShell;
import dev.malachite.server.runtime.Runtimes;
import dev.malachite.server.tls.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Ports by which people log in to nodes. One is opened when somebody first asks where its node is, which is how anybody learns
 * of it. Once its node has gone nobody is let in, and it is shut when somebody asks or knocks next.
 */
@Component
public class NodeDoors implements DisposableBean, NodeServer.Doors {

    /** What the service gives to the first node of a cluster, and so on (service-facts.md, listNodes). */
    private static final int FIRST_PORT = 50_000;

    private static final int TRIES = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Logger LOG = LoggerFactory.getLogger(NodeDoors.class);

    private final Settings settings;
    private final ControlLoop loop;
    private final Runtimes runtimes;
    private final ObjectProvider<NodeAccounts> accounts;
    private final Map<NodeId, Integer> ports = new HashMap<>();
    private @Nullable NodeServer server;
    private boolean ended;

    NodeDoors(Settings settings, ControlLoop loop, Runtimes runtimes, ObjectProvider<NodeAccounts> accounts) {
        this.settings = settings;
        this.loop = loop;
        this.runtimes = runtimes;
        this.accounts = accounts;
    }

    /** The port that the service would tell of that node. */
    public static int usual(Node node) {
        return FIRST_PORT + node.slot();
    }

    /** By which clients of this machine reach the ports. */
    public String address() {
        String host = settings.host();
        return Names.isWildcardAddress(host) ? "127.0.0.1" : Names.unbracketed(host);
    }

    /** The port of this machine by which a node is entered; empty where nobody may, or it cannot be entered now. */
    public synchronized OptionalInt port(Node node) {
        shutGone();
        if (ended
                || !lives(node)
                || !enterable(node)
                || accounts.getObject().find(node.target()).isEmpty()) {
            return OptionalInt.empty();
        }
        Integer known = ports.get(node.id());
        if (known != null) {
            return OptionalInt.of(known);
        }
        try {
            int port = open(usual(node));
            ports.put(node.id(), port);
            return OptionalInt.of(port);
        } catch (IOException e) {
            LOG.warn("no port is opened for node {}: {}", node.id(), e.getMessage());
            return OptionalInt.empty();
        }
    }

    /** Another emulator may take a port at the same moment. */
    private int open(int wished) throws IOException {
        int port = FreePorts.free(wished) ? wished : FreePorts.any();
        for (int left = TRIES; ; left--) {
            NodeServer opening = server();
            try {
                opening.open(port);
                return port;
            } catch (IOException e) {
                if (ports.isEmpty()) {
                    opening.close();
                    server = null;
                }
                if (left == 1) {
                    throw e;
                }
                port = FreePorts.any();
            }
        }
    }

    private NodeServer server() throws IOException {
        NodeServer open = server;
        if (open == null) {
            InetAddress host = InetAddress.getAllByName(Names.unbracketed(settings.host()))[0];
            open = new NodeServer(host, settings.data().resolve("tls").resolve("node-host-key"), this);
            server = open;
        }
        return open;
    }

    private boolean enterable(Node node) {
        return runtimes.of(node.runtime()).enterable();
    }

    private static boolean lives(Node node) {
        return node.phase() == NodePhase.IDLE || node.phase() == NodePhase.RUNNING;
    }

    @Override
    public Optional<MachineLogin> login(int port) {
        shutGone();
        return node(port).flatMap(node -> accounts.getObject().find(node.target()));
    }

    @Override
    public NodeCommand command(int port, Optional<String> line) {
        return new NodeCommand(line, wish -> enter(port, wish));
    }

    private NodeShell enter(int port, NodeShell.Wish wish) throws IOException {
        Node node = ready(port);
        return runtimes.of(node.runtime()).enter(node.id(), node.generation(), wish);
    }

    /** Between two jobs a node is idle for a moment before its next container is there: who comes then waits for it. */
    private Node ready(int port) throws IOException {
        long begin = System.nanoTime();
        while (true) {
            Node node = node(port).orElseThrow(() -> new IOException("The node has left its cluster."));
            if (node.ready()) {
                return node;
            }
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IOException(
                        "Node %s is still being made ready; log in again in a moment.".formatted(node.id()));
            }
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("The emulator is being stopped.", e);
            }
        }
    }

    private synchronized Optional<Node> node(int port) {
        return ports.entrySet().stream()
                .filter(door -> door.getValue() == port)
                .findFirst()
                .flatMap(door -> loop.state().node(door.getKey()));
    }

    private synchronized void shutGone() {
        NodeServer open = server;
        if (open == null) {
            return;
        }
        for (Map.Entry<NodeId, Integer> door : List.copyOf(ports.entrySet())) {
            if (loop.state().node(door.getKey()).isEmpty()) {
                open.shut(door.getValue());
                ports.remove(door.getKey());
            }
        }
    }

    @Override
    public synchronized void destroy() {
        ended = true;
        if (server != null) {
            server.close();
        }
    }
}
