package dev.malachite.server.start;

import dev.malachite.server.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Looks whether the listeners will find their ports free, before the seconds of a start are spent. */
final class Ports {

    private Ports() {}

    static void requireFree(Settings settings) {
        InetAddress address = address(settings.host());
        requireFree(address, settings.httpsPort(), "--https-port");
        requireFree(address, settings.httpPort(), "--http-port");
    }

    /** The port itself, or for 0 one that is free: what jobs and answers name must be known before the listeners are. */
    static int chosen(InetAddress address, int port) {
        if (port != 0) {
            return port;
        }
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UserError("no port is free on " + address.getHostAddress());
        }
    }

    static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new UserError(
                    "--host %s is not known here; give a name or an address of this machine".formatted(host));
        }
    }

    private static void requireFree(InetAddress address, int port, String option) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the listeners do: connections of an emulator that just ended must not keep the next one out.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw inUse(address.getHostAddress(), port, option, String.valueOf(e.getMessage()));
        }
    }

    static UserError inUse(String address, int port, String option, String why) {
        return why.contains("Cannot assign")
                ? new UserError("%s is not an address of this machine; choose another with --host".formatted(address))
                : new UserError("port %d on %s cannot be used (%s); choose another with %s"
                        .formatted(port, address, why, option));
    }
}
