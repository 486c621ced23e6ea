package dev.malachite.server.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open port that takes requests for tunnels, each on a thread of its own, as many at once as the limits say. */
final class ProxyListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyListener.class);

    /** What a client gets who has no place, and a port that cannot take one. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ServerSocket listener;
    private final Routes routes;
    private final Predicate<Socket> isJob;
    private final Limits limits;
    private final Semaphore places;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    /**
     * Listens from now on.
     *
     * @param isJob whether a client is a job: those have a way of their own, on which their token counts
     */
    ProxyListener(InetSocketAddress address, Routes routes, Predicate<Socket> isJob) throws IOException {
        this.routes = routes;
        this.isJob = isJob;
        this.limits = routes.limits();
        this.places = new Semaphore(limits.tunnels());
        listener = new ServerSocket();
        try {
            // A start after an end must find its port.
            listener.setReuseAddress(true);
            listener.bind(address);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Ends the tunnels too. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            LOG.debug("the proxy's port did not close", e);
        }
        clients.forEach(ProxyListener::close);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                boolean place = places.tryAcquire();
                Thread.ofVirtual().name("proxy-in").start(() -> take(client, place));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOG.warn("The proxy cannot take a connection ({})", e.getMessage());
                    // Out of files, for example: asking on without a pause would take a processor.
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        }
    }

    private void take(Socket client, boolean place) {
        clients.add(client);
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream(), Limits.BUFFER);
            try {
                if (!place) {
                    // A socket that is closed with something unread takes our answer back.
                    client.setSoTimeout(Limits.millis(PAUSE));
                    if (in.read() < 0) {
                        return;
                    }
                    throw new Refused(503, "there are %d tunnels already".formatted(limits.tunnels()));
                }
                serve(client, in);
            } catch (Refused e) {
                LOG.debug("refused: {}", e.getMessage());
                client.getOutputStream().write(e.answer().getBytes(StandardCharsets.ISO_8859_1));
                client.shutdownOutput();
            }
        } catch (IOException e) {
            LOG.debug("a tunnel broke", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            clients.remove(client);
            if (place) {
                places.release();
            }
        }
    }

    private void serve(Socket client, InputStream in) throws Refused, IOException, InterruptedException {
        client.setTcpNoDelay(true);
        client.setSoTimeout(Limits.millis(limits.head()));
        Destination destination = Destination.of(Head.firstLine(in, limits.head()));
        if (isJob.test(client)) {
            throw new Refused(403, "jobs do not go through the proxy");
        }
        try (Socket server = routes.open(destination)) {
            client.getOutputStream()
                    .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            new Pipe(client, in, server).run(limits);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a tunnel did not close", e);
        }
    }
}
