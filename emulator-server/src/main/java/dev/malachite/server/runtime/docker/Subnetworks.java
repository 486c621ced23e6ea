package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Network;
import dev.malachite.server.runtime.docker.Subnets.Range;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds and makes the engine's networks that are ours, each with a range of addresses that nobody else uses. */
final class Subnetworks {

    private static final int TRIES = 16;

    private final Engine engine;
    private final Labels labels;
    private final Subnets subnets;

    /** Ranges of networks that are just being made. */
    private final Set<Range> claimed = new HashSet<>();

    Subnetworks(Engine engine, Labels labels, Subnets subnets) {
        this.engine = engine;
        this.labels = labels;
        this.subnets = subnets;
    }

    /** A network that is there. */
    record Subnetwork(String id, Range range) {}

    /** Whether it is still there: anybody may prune the engine's networks that no container is on. */
    boolean exists(Subnetwork network) throws IOException {
        try {
            engine.call(
                    "inspect a network",
                    docker -> docker.inspectNetworkCmd()
                            .withNetworkId(network.id())
                            .exec());
            return true;
        } catch (Engine.Missing e) {
            return false;
        }
    }

    Optional<Subnetwork> find(String label, String value) throws IOException {
        for (Network network : all()) {
            Map<String, String> found = network.getLabels();
            if (found != null
                    && labels.instance().equals(found.get(Labels.INSTANCE))
                    && value.equals(found.get(label))) {
                Optional<Range> range = ranges(network).stream().findFirst();
                if (range.isPresent()) {
                    return Optional.of(new Subnetwork(network.getId(), range.get()));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Makes a network.
     *
     * @param wanted the range to take if it is free
     */
    Subnetwork create(String name, Map<String, String> labels, Optional<Range> wanted) throws IOException {
        IOException last = new IOException("No subnet is free for the network " + name);
        List<Range> used = used();
        // The engine knows of conflicts that we cannot see; it says so, and the next one may do.
        for (int i = 0; i < TRIES; i++) {
            Optional<Range> range = claim(used, wanted);
            if (range.isEmpty()) {
                break;
            }
            try {
                return create(name, labels, range.get());
            } catch (Engine.Gone e) {
                throw e;
            } catch (IOException e) {
                last = e;
                used.add(range.get());
            } finally {
                release(range.get());
            }
        }
        throw last;
    }

    private Subnetwork create(String name, Map<String, String> labels, Range range) throws IOException {
        Network.Ipam.Config config = new Network.Ipam.Config()
                .withSubnet(range.toString())
                .withGateway(range.address(1))
                // Addresses that the engine gives away by itself stay below those of nodes.
                .withIpRange(range.address(0) + "/29");
        String id = engine.call(
                "create a network",
                docker -> docker.createNetworkCmd()
                        .withName(name)
                        .withCheckDuplicate(true)
                        .withIpam(new Network.Ipam().withConfig(config))
                        .withLabels(labels)
                        .exec()
                        .getId());
        return new Subnetwork(id, range);
    }

    private synchronized Optional<Range> claim(List<Range> used, Optional<Range> wanted) {
        List<Range> free = new ArrayList<>(subnets.free(used));
        free.removeAll(claimed);
        Optional<Range> range =
                wanted.filter(free::contains).or(() -> free.stream().findFirst());
        range.ifPresent(claimed::add);
        return range;
    }

    private synchronized void release(Range range) {
        claimed.remove(range);
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
}
