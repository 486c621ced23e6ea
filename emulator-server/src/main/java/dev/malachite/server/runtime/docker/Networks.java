package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.ContainerNetwork;
import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.Turns;
import dev.malachite.server.runtime.docker.Subnetworks.Subnetwork;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The networks of this emulator: one for each target, on which its nodes find each other by name, and the gateway's. */
final class Networks {

    private static final int FIRST_NODE = 10;
    private static final int LAST_NODE = 254;

    /**
     * The engine publishes a container's ports on the first of its networks in the order of their names, and cuts what is
     * open when that changes (seen with 26.1). We join and leave networks all the time: ours come last.
     */
    private static final String LAST_IN_ORDER = "zz-";

    private final Engine engine;
    private final Labels labels;
    private final Subnetworks networks;
    private final Gateway gateway;
    private final OwnContainer own;
    private final Map<TargetId, Subnetwork> known = new ConcurrentHashMap<>();
    private final Turns turns = new Turns();

    Networks(Engine engine, Labels labels, Subnets subnets, OwnContainer own) {
        this.engine = engine;
        this.labels = labels;
        this.networks = new Subnetworks(engine, labels, subnets);
        this.gateway = new Gateway(networks, labels);
        this.own = own;
    }

    /** The address of a target's node. */
    static String address(Subnetwork network, int slot) throws IOException {
        if (FIRST_NODE + slot > LAST_NODE) {
            throw new IOException("A cluster's network has room for " + (LAST_NODE - FIRST_NODE + 1) + " nodes");
        }
        return network.range().address(FIRST_NODE + slot);
    }

    /** The address of an instance's machine on its target's network, where jobs may be beside it. */
    static String machineAddress(Subnetwork network) {
        return network.range().address(FIRST_NODE - 1);
    }

    /** The target's network, made when it is first needed; we are on it too if we are a container ourselves. */
    Subnetwork ensure(TargetId target) throws IOException {
        Subnetwork network = known.get(target);
        return network != null && networks.exists(network) ? network : make(target, network);
    }

    /** After an engine's restart or somebody's clean-up what we know may be wrong. */
    void forget() {
        known.clear();
    }

    void remove(TargetId target) throws IOException {
        ReentrantLock turn = turns.of(target);
        turn.lock();
        try {
            known.remove(target);
            Optional<Subnetwork> network = networks.find(Labels.TARGET, target.toString());
            if (network.isPresent()) {
                Optional<String> self = own.id();
                if (self.isPresent()) {
                    leave(network.get(), self.get());
                }
                engine.remove(
                        "remove a network",
                        docker -> docker.removeNetworkCmd(network.get().id()).exec());
            }
        } finally {
            turn.unlock();
        }
    }

    /** What a container's hosts file must say for it to find us; nothing where the network's own DNS does. */
    Optional<String> extraHost() throws IOException {
        return own.id().isPresent() ? Optional.empty() : Optional.of(gateway.extraHost());
    }

    Optional<String> gatewayAddress() throws IOException {
        return own.id().isPresent() ? Optional.empty() : gateway.address();
    }

    /** Whether the emulator reaches a container by its address: not where the engine lives in a machine of its own. */
    boolean reachesContainers() throws IOException {
        return own.id().isPresent() || gateway.address().isPresent();
    }

    private Subnetwork make(TargetId target, @Nullable Subnetwork gone) throws IOException {
        ReentrantLock turn = turns.of(target);
        turn.lock();
        try {
            Subnetwork there = known.get(target);
            if (there != null && !there.equals(gone)) {
                return there;
            }
            Optional<Subnetwork> found = networks.find(Labels.TARGET, target.toString());
            Optional<String> self = own.id();
            Subnetwork network = found.isPresent()
                    ? found.get()
                    : networks.create(
                            (self.isPresent() ? LAST_IN_ORDER : "") + "malachite-" + labels.instance() + "-"
                                    + target.workspace() + "-" + target.name(),
                            labels.target(target),
                            Optional.empty());
            if (self.isPresent()) {
                join(network, self.get());
            }
            known.put(target, network);
            return network;
        } finally {
            turn.unlock();
        }
    }

    private void join(Subnetwork network, String self) throws IOException {
        boolean there = engine
                .call(
                        "inspect ourselves",
                        docker -> docker.inspectContainerCmd(self)
                                .exec()
                                .getNetworkSettings()
                                .getNetworks())
                .values()
                .stream()
                .anyMatch(joined -> network.id().equals(joined.getNetworkID()));
        if (!there) {
            engine.call(
                    "join a network",
                    docker -> docker.connectToNetworkCmd()
                            .withNetworkId(network.id())
                            .withContainerId(self)
                            .withContainerNetwork(new ContainerNetwork().withAliases(Gateway.EMULATOR))
                            .exec());
        }
    }

    private void leave(Subnetwork network, String self) {
        try {
            engine.call(
                    "leave a network",
                    docker -> docker.disconnectFromNetworkCmd()
                            .withNetworkId(network.id())
                            .withContainerId(self)
                            .withForce(true)
                            .exec());
        } catch (IOException e) {
            // Not on it; if that is not why, removing the network says so.
        }
    }
}
