package dev.malachite.testkit.example;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Hears from jobs how far they are, so that a test need not ask. Jobs call {@code GET /milestone}. */
final class Milestones implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, CompletableFuture<Boolean>> reached = new ConcurrentHashMap<>();

    Milestones() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            milestone(exchange.getRequestURI().getPath().substring(1)).complete(true);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void await(String milestone, Duration patience) throws Exception {
        milestone(milestone).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Boolean> milestone(String name) {
        return reached.computeIfAbsent(name, missing -> new CompletableFuture<>());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
