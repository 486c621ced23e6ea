package dev.malachite.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpServer;
import dev.malachite.server.runtime.InstanceRuntime.Notebooks;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Jupyter server is its user's, who may put another program in its place. */
class NotebookServerTest {

    @AutoClose
    private final NotebookServer asking = new NotebookServer();

    private HttpServer server;
    private String kernels = "[]";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            String path = exchange.getRequestURI().getPath();
            try (OutputStream out = exchange.getResponseBody()) {
                out.write((path.endsWith("kernels") ? kernels : "[]").getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void whoWorksInTheFutureWorksNow() throws Exception {
        kernels =
                "[{\"last_activity\": \"+900000000-01-01T00:00:00Z\"}, {\"last_activity\": \"2026-01-01T00:00:00Z\"}]";
        assertThat(asking.lastActivity(there()))
                .get()
                .satisfies(at -> assertThat(at)
                        .isBetween(
                                Instant.parse("2026-01-02T00:00:00Z"),
                                InstantSource.system().instant()));
    }

    @Test
    void anAnswerIsBounded() {
        kernels = "[\"%s\"]".formatted("x".repeat(5 << 20));
        assertThatIOException().isThrownBy(() -> asking.lastActivity(there()));
    }

    @Test
    void whatIsInThePlaceOfAKeyIsNone() {
        assertThat(NotebookServer.isKey(NotebookServer.newKey())).isTrue();
        assertThat(NotebookServer.isKey("x\r\nHost: there")).isFalse();
        assertThat(NotebookServer.isKey("")).isFalse();
    }

    private Notebooks there() {
        return new Notebooks("http://127.0.0.1:" + server.getAddress().getPort(), "/", NotebookServer.newKey());
    }
}
