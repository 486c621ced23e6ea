package dev.malachite.server.start;

import dev.malachite.server.Settings;
import dev.malachite.server.tls.Names;
import jakarta.servlet.ServletRequest;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.stereotype.Component;

/**
 * Lets job containers in: further https listeners on the gateways of our own networks, on which only run tokens count
 * and neither the control API nor the page is served.
 */
@Component
public class GatewayListener {

    private final Listeners listeners;
    private final ServletWebServerApplicationContext context;
    private final String host;

    /** Addresses as the sockets write them. */
    private final Set<String> addresses = ConcurrentHashMap.newKeySet();

    /** Of listeners that share their address with those of everybody. */
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

    private final JobNetwork jobs;

    GatewayListener(
            Listeners listeners,
            ServletWebServerApplicationContext context,
            Settings settings,
            @Value("${malachite.docker.network}") String jobNetwork) {
        this.jobs = JobNetwork.parse(jobNetwork);
        this.listeners = listeners;
        this.context = context;
        this.host = settings.host();
    }

    /**
     * Listens on a network's gateway; does nothing when it does so already. Call it once the server is up.
     *
     * @param address an address of this machine, for example {@code 172.28.3.1}
     * @return the port, the same as that of the first https listener
     */
    public synchronized int open(String address) {
        InetAddress wanted = Ports.address(address);
        int port = listeners.httpsPort();
        if (addresses.add(wanted.getHostAddress()) && !Names.isWildcardAddress(host)) {
            start(wanted, port, () -> addresses.remove(wanted.getHostAddress()));
        }
        return port;
    }

    /** Listens on an address that others come to as well: who comes by this port is a job. */
    public synchronized void open(String address, int port) {
        if (port == listeners.httpsPort()) {
            open(address);
        } else if (ports.add(port)) {
            start(Ports.address(address), port, () -> ports.remove(port));
        }
    }

    /**
     * Whether a job sends this: it came through a gateway, or from a job's network. A listener on every address has no
     * gateways of its own, and an emulator in a container shares networks with its jobs; there only the sender tells.
     */
    public boolean isFromJob(ServletRequest request) {
        return ports.contains(request.getLocalPort()) || isFromJob(request.getLocalAddr(), request.getRemoteAddr());
    }

    /** The same of a connection: the addresses of its two ends, as sockets write them. */
    public boolean isFromJob(String local, String remote) {
        return addresses.contains(local) || jobs.hasJobAt(remote);
    }

    private void start(InetAddress address, int port, Runnable failed) {
        try {
            start(listeners.httpsConnector(address, port));
        } catch (LifecycleException e) {
            failed.run();
            throw new IllegalStateException(
                    "no listener on %s, port %d: %s".formatted(address.getHostAddress(), port, e.getMessage()), e);
        }
    }

    private void start(Connector connector) throws LifecycleException {
        if (!(context.getWebServer() instanceof TomcatWebServer server)) {
            throw new IllegalStateException("the server is not up yet");
        }
        server.getTomcat().getService().addConnector(connector);
        if (!connector.getState().isAvailable()) {
            server.getTomcat().getService().removeConnector(connector);
            throw new LifecycleException("the address or port cannot be used");
        }
    }
}
