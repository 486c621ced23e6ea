package dev.malachite.server.proxy;

import dev.malachite.server.Settings;
import dev.malachite.server.start.GatewayListener;
import dev.malachite.server.start.Listeners;
import dev.malachite.server.start.UserError;
import dev.malachite.server.tls.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The proxy as a part of the server: open from the start, because it does no more on loopback than anybody there can do
 * without it, and a shell that was pointed at it must find it again after a restart.
 *
 * <p>Tunnels to names that are none of Azure's are passed on loopback, so that pip and git go on working in the same
 * shell. On any other address they are refused unless asked for: an open relay would be a gift to the whole network.
 */
@Component
public class ConnectProxy implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectProxy.class);

    /** Where nobody says a port, if it is free. */
    private static final int USUAL_PORT = 10444;

    /** The variable by which a shell shows that it was pointed at an emulator's proxy. */
    public static final String CLIENT_MARK = "MALACHITE_CLIENT_JVM_OPTIONS";

    private final Settings settings;
    private final Listeners listeners;
    private final GatewayListener gateways;
    private volatile @Nullable ProxyListener listener;

    ConnectProxy(Settings settings, Listeners listeners, GatewayListener gateways) {
        this.settings = settings;
        this.listeners = listeners;
        this.gateways = gateways;
    }

    /** The port; empty where the proxy is switched off. */
    public OptionalInt port() {
        ProxyListener current = listener;
        return current == null ? OptionalInt.empty() : OptionalInt.of(current.port());
    }

    @Override
    public void start() {
        if (settings.proxyPort().equals("off")) {
            return;
        }
        try {
            InetAddress address = InetAddress.getByName(settings.host());
            listener = settings.proxyPort().equals("auto")
                    ? openSomewhere(address)
                    : open(new InetSocketAddress(address, Integer.parseInt(settings.proxyPort())));
        } catch (IOException e) {
            throw new UserError("port %s on %s cannot be used (%s); choose another with --proxy-port"
                    .formatted(settings.proxyPort(), settings.host(), e.getMessage()));
        }
    }

    @Override
    public void stop() {
        ProxyListener current = listener;
        if (current != null) {
            current.close();
            listener = null;
        }
    }

    @Override
    public boolean isRunning() {
        return listener != null;
    }

    private ProxyListener openSomewhere(InetAddress address) throws IOException {
        try {
            return open(new InetSocketAddress(address, USUAL_PORT));
        } catch (IOException e) {
            ProxyListener other = open(new InetSocketAddress(address, 0));
            LOG.info("The proxy is on port {}, because {} is taken", other.port(), USUAL_PORT);
            return other;
        }
    }

    private ProxyListener open(InetSocketAddress address) throws IOException {
        Routes routes = new Routes(
                new InetSocketAddress(
                        Names.isWildcardAddress(settings.host())
                                ? InetAddress.getLoopbackAddress()
                                : address.getAddress(),
                        listeners.httpsPort()),
                passes(address.getAddress()),
                upstream(System.getenv()),
                Limits.DEFAULT);
        return new ProxyListener(address, routes, this::isJob);
    }

    private boolean passes(InetAddress address) {
        return settings.proxyOthers().equals("pass")
                || (settings.proxyOthers().equals("auto") && address.isLoopbackAddress());
    }

    private boolean isJob(Socket client) {
        return gateways.isFromJob(
                client.getLocalAddress().getHostAddress(),
                client.getInetAddress().getHostAddress());
    }

    /** A shell that was pointed at us may start us: the proxy that it names is our own, which would lead in a circle. */
    private static Optional<Upstream> upstream(Map<String, String> environment) {
        return environment.containsKey(CLIENT_MARK) ? Optional.empty() : Upstream.of(environment);
    }
}
