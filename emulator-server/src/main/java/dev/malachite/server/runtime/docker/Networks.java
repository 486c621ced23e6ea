package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Network;
import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.docker.Subnets.Range;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The networks of this emulator: one for each target, on which its nodes find each other by name, and one whose gateway
 * bears the emulator's listener. Addresses of other bridges' gateways are this machine's own, so every container reaches it.
 */
final class Networks {

    /** The emulator's name inside of containers, in every shape that it runs in. */
    static final String EMULATOR = "malachite.internal";

    private static final String GATEWAY_ROLE = "gateway";
    private static final int FIRST_NODE = 10;
    private static final int LAST_NODE = 254;

    private final Engine engine;
    private final Labels labels;
    private final Subnets subnets;
    private final OwnContainer own;
    private final Map<String, Joined> known = new HashMap<>();
    private @Nullable String extraHost;

    Networks(Engine engine, Labels labels, Subnets subnets, OwnContainer own) {
        this.engine = engine;
        this.labels = labels;
        this.subnets = subnets;
        this.own = own;
    }

    /** A network that is there. */
    record Joined(String id, Range range) {

        String addressOf(int slot) throws IOException {
            if (FIRST_NODE + slot > LAST_NODE) {
                throw new IOException("A cluster's network has room for " + (LAST_NODE - FIRST_NODE + 1) + " nodes");
            }
            return range.address(FIRST_NODE + slot);
        }
    }

    /** The target's network, made when it is first needed; we are on it too if we are a container ourselves. */
    synchronized Joined ensure(TargetId target) throws IOException {
        Joined network = known.get(target.toString());
        if (network == null) {
            network = find(Labels.TARGET, target.toString());
            if (network == null) {
                network = create(
                        "malachite-" + labels.instance() + "-" + target.workspace() + "-" + target.name(),
                        labels.target(target));
            }
            Optional<String> self = own.id();
            if (self.isPresent()) {
                join(network, self.get());
            }
            known.put(target.toString(), network);
        }
        return network;
    }

    /** After an engine's restart or somebody's clean-up what we know may be wrong. */
    synchronized void forget() {
        known.clear();
        extraHost = null;
    }

    synchronized void remove(TargetId target) throws IOException {
        known.remove(target.toString());
        Joined network = find(Labels.TARGET, target.toString());
        if (network != null) {
            Optional<String> self = own.id();
            if (self.isPresent()) {
                leave(network, self.get());
            }
            engine.remove(
                    "remove a network",
                    docker -> docker.removeNetworkCmd(network.id()).exec());
        }
    }

    /** What a container's hosts file must say for it to find us; nothing where the network's own DNS does. */
    synchronized Optional<String> extraHost() throws IOException {
        if (own.id().isPresent()) {
            return Optional.empty();
        }
        if (extraHost == null) {
            String address = gateway().range().address(1);
            // Where the engine lives in a machine of its own (Docker Desktop), its gateways are not ours.
            boolean local = NetworkInterface.getByInetAddress(InetAddress.getByName(address)) != null;
            extraHost = EMULATOR + ":" + (local ? address : "host-gateway");
        }
        return Optional.of(extraHost);
    }

    Optional<String> gatewayAddress() throws IOException {
        return extraHost()
                .map(host -> host.substring(EMULATOR.length() + 1))
                .filter(address -> Character.isDigit(address.charAt(0)));
    }

    private Joined gateway() throws IOException {
        Joined network = find(Labels.ROLE, GATEWAY_ROLE);
        return network != null ? network : create("malachite-" + labels.instance(), labels.role(GATEWAY_ROLE));
    }

    private @Nullable Joined find(String label, String value) throws IOException {
        for (Network network : all()) {
            Map<String, String> found = network.getLabels();
            if (found != null
                    && labels.instance().equals(found.get(Labels.INSTANCE))
                    && value.equals(found.get(label))) {
                Optional<Range> range = ranges(network).stream().findFirst();
                if (range.isPresent()) {
                    return new Joined(network.getId(), range.get());
                }
            }
        }
        return null;
    }

    private Joined create(String name, Map<String, String> labels) throws IOException {
        IOException last = new IOException("No subnet is free for the network " + name);
        List<Range> free = subnets.free(used());
        // The engine knows of conflicts that we cannot see; it says so, and the next one may do.
        for (Range range : free.subList(0, Math.min(16, free.size()))) {
            Network.Ipam.Config config = new Network.Ipam.Config()
                    .withSubnet(range.toString())
                    .withGateway(range.address(1))
                    // Addresses that the engine gives away by itself stay below those of nodes.
                    .withIpRange(range.address(0) + "/29");
            try {
                String id = engine.call(
                        "create a network",
                        docker -> docker.createNetworkCmd()
                                .withName(name)
                                .withCheckDuplicate(true)
                                .withIpam(new Network.Ipam().withConfig(config))
                                .withLabels(labels)
                                .exec()
                                .getId());
                return new Joined(id, range);
            } catch (Engine.Gone e) {
                throw e;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private List<Network> all() throws IOException {
        return engine.call("list networks", docker -> docker.listNetworksCmd().exec());
    }

    private List<Range> used() throws IOException {
        List<Range> used = new ArrayList<>();
        for (Network network : all()) {
            used.addAll(ranges(network));
        }
        for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InterfaceAddress address : device.getInterfaceAddresses()) {
                if (address.getAddress() instanceof Inet4Address ip) {
                    used.add(Range.of(ip, address.getNetworkPrefixLength()));
                }
            }
        }
        return used;
    }

    private static List<Range> ranges(Network network) {
        if (network.getIpam() == null || network.getIpam().getConfig() == null) {
            return List.of();
        }
        return network.getIpam().getConfig().stream()
                .flatMap(config -> Optional.ofNullable(config.getSubnet()).stream())
                .flatMap(subnet -> Range.parse(subnet).stream())
                .toList();
    }

    private void join(Joined network, String self) throws IOException {
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
                            .withContainerNetwork(new ContainerNetwork().withAliases(EMULATOR))
                            .exec());
        }
    }

    private void leave(Joined network, String self) {
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
