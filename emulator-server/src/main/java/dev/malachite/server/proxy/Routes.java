package dev.malachite.server.proxy;

import dev.malachite.server.tls.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * Opens the other end of a tunnel: our https listener for Azure's names, for all others what they name, where that is
 * allowed.
 *
 * @param emulator our https listener
 * @param passing whether there are tunnels to others at all
 * @param upstream the proxy that leads to them, where one must be used
 */
record Routes(InetSocketAddress emulator, boolean passing, Optional<Upstream> upstream, Limits limits) {

    private static final int HTTPS = 443;

    /** What a client calls us that was told our address and asks the proxy all the same. */
    private static final Set<String> OURS = Set.of("localhost", "127.0.0.1", "::1", "malachite", "malachite.internal");

    /** The end of a tunnel, ready for the client's first byte. */
    Socket open(Destination destination) throws Refused {
        String host = destination.host();
        if (Names.isAzure(host)) {
            if (destination.port() != HTTPS) {
                throw new Refused(403, "of %s only port %d is here, not %d".formatted(host, HTTPS, destination.port()));
            }
            return connect(emulator, "the emulator");
        }
        if (OURS.contains(host) && destination.port() == emulator.getPort()) {
            return connect(emulator, "the emulator");
        }
        if (Forbidden.isWritten(host)) {
            throw forbidden(destination);
        }
        if (!passing) {
            throw new Refused(
                    403,
                    "%s is none of the names that the emulator serves, and it passes no others (--proxy-others)"
                            .formatted(destination));
        }
        Optional<Upstream> through = upstream.filter(proxy -> proxy.serves(host));
        return through.isPresent() ? through(through.get(), destination) : straight(destination);
    }

    private static Refused forbidden(Destination destination) {
        return new Refused(
                403,
                "no tunnel leads to %s: it is this machine's own, or one that hands out a machine's secrets"
                        .formatted(destination));
    }

    /** To the very address that was looked at: asked for a second time, a name could be another's. */
    private Socket straight(Destination destination) throws Refused {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(destination.host());
        } catch (UnknownHostException e) {
            throw new Refused(502, "no address is known of " + destination.host());
        }
        for (InetAddress address : addresses) {
            if (Forbidden.is(address)) {
                throw forbidden(destination);
            }
        }
        Refused last = new Refused(502, "no address is known of " + destination.host());
        for (InetAddress address : addresses) {
            try {
                return connect(new InetSocketAddress(address, destination.port()), destination.toString());
            } catch (Refused e) {
                last = e;
            }
        }
        throw last;
    }

    private Socket through(Upstream proxy, Destination destination) throws Refused {
        String name = "the proxy %s of the emulator's environment".formatted(proxy);
        Socket socket = connect(new InetSocketAddress(proxy.host(), proxy.port()), name);
        boolean open = false;
        try {
            socket.setSoTimeout(Limits.millis(limits.connect()));
            socket.getOutputStream().write(proxy.request(destination).getBytes(StandardCharsets.ISO_8859_1));
            String answer = Head.firstLine(socket.getInputStream(), limits.connect());
            open = answer.matches("HTTP/1\\.[01] 2\\d\\d\\b.*");
            if (!open) {
                throw new Refused(502, "%s says of %s: %s".formatted(name, destination, shown(answer)));
            }
            return socket;
        } catch (IOException e) {
            throw new Refused(502, name + " does not answer");
        } finally {
            if (!open) {
                close(socket);
            }
        }
    }

    private Socket connect(InetSocketAddress address, String name) throws Refused {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, Limits.millis(limits.connect()));
            return socket;
        } catch (IOException e) {
            close(socket);
            throw new Refused(502, "%s does not answer (%s)".formatted(name, shown(String.valueOf(e.getMessage()))));
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It was never used.
        }
    }

    /** Fit for a status line. */
    private static String shown(String text) {
        return text.substring(0, Math.min(text.length(), 100)).replaceAll("[^ -~]", "?");
    }
}
