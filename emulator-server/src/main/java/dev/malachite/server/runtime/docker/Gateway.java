package dev.malachite.server.runtime.docker;

import dev.malachite.server.runtime.docker.Subnetworks.Subnetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The network whose gateway bears the emulator's listener. Addresses of other bridges' gateways are this machine's own, so
 * every container reaches it. No container is ever on it, so every clean-up of the engine takes it away, and it is looked
 * at each time that it is needed.
 */
final class Gateway {

    /** The emulator's name inside of containers, in every shape that it runs in. */
    static final String EMULATOR = "malachite.internal";

    private static final String ROLE = "gateway";

    private final Subnetworks networks;
    private final Labels labels;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Made made;

    Gateway(Subnetworks networks, Labels labels) {
        this.networks = networks;
        this.labels = labels;
    }

    /**
     * The network, and where containers find us.
     *
     * @param local whether the network's gateway is an address of this machine
     */
    private record Made(Subnetwork network, boolean local) {

        String address() {
            return network.range().address(1);
        }
    }

    /** What a container's hosts file must say for it to find us. */
    String extraHost() throws IOException {
        Made there = ensure();
        // Where the engine lives in a machine of its own (Docker Desktop), its gateways are not ours.
        return EMULATOR + ":" + (there.local() ? there.address() : "host-gateway");
    }

    /** Where the listener must be; empty when loopback is enough. */
    Optional<String> address() throws IOException {
        return Optional.of(ensure()).filter(Made::local).map(Made::address);
    }

    private Made ensure() throws IOException {
        Made there = made;
        return there != null && networks.exists(there.network()) ? there : make(there);
    }

    private Made make(@Nullable Made gone) throws IOException {
        making.lock();
        try {
            Made there = made;
            if (there != null && !there.equals(gone)) {
                return there;
            }
            Optional<Subnetwork> found = networks.find(Labels.ROLE, ROLE);
            // With its old range a listener that is open goes on.
            Subnetwork network = found.isPresent()
                    ? found.get()
                    : networks.create(
                            "malachite-" + labels.instance(),
                            labels.role(ROLE),
                            Optional.ofNullable(gone)
                                    .map(before -> before.network().range()));
            InetAddress address = InetAddress.getByName(network.range().address(1));
            there = new Made(network, NetworkInterface.getByInetAddress(address) != null);
            made = there;
            return there;
        } finally {
            making.unlock();
        }
    }
}
