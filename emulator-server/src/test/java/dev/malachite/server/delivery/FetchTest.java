package dev.malachite.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.malachite.server.runtime.JobData;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is fetched from elsewhere ends in any case, and never comes from the emulator itself. */
@Timeout(30)
class FetchTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private String base;

    @TempDir
    private Path folder;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/file", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write("far away".getBytes(StandardCharsets.UTF_8));
            }
        });
        server.createContext("/moved", exchange -> redirect(exchange, "/file"));
        server.createContext("/round", exchange -> redirect(exchange, "/round"));
        server.createContext("/inside", exchange -> redirect(exchange, "http://169.254.169.254/metadata"));
        server.createContext("/stalls", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void end() {
        over.countDown();
        server.stop(0);
        threads.close();
    }

    @Test
    void aFileIsFetchedWhereverItHasMovedTo() throws IOException {
        assertThat(fetched(LONG, "/file")).isEqualTo("far away");
        assertThat(fetched(LONG, "/moved")).isEqualTo("far away");
        assertThatThrownBy(() -> fetched(LONG, "/round"))
                .isInstanceOf(JobData.Missing.class)
                .hasMessageContaining("leads on and on");
    }

    @Test
    void aServerThatStallsIsGivenUp() {
        assertThatThrownBy(() -> fetched(SHORT, "/stalls"))
                .isInstanceOf(JobData.Missing.class)
                .hasMessageContaining("nothing came");
    }

    @Test
    void neitherTheEmulatorNorTheHostsOwnNetworkIsRead() {
        int port = server.getAddress().getPort();
        assertThatThrownBy(() -> fetch(LONG, Set.of(port)).to(base + "/file", folder.resolve("file")))
                .isInstanceOf(JobData.Missing.class)
                .hasMessageContaining("the emulator itself");
        assertThatThrownBy(() -> fetched(LONG, "/inside"))
                .isInstanceOf(JobData.Missing.class)
                .hasMessageContaining("link-local");
        assertThatThrownBy(() -> fetch(LONG, Set.of()).to("http:///file", folder.resolve("file")))
                .isInstanceOf(JobData.Missing.class)
                .hasMessageContaining("no URL");
    }

    @Test
    void whatIsSecretInAnAddressIsNotTold() {
        String secret = base.replace("://", "://user:word@") + "/nowhere?sv=1&sig=abc";
        assertThatThrownBy(() -> fetch(LONG, Set.of()).to(secret, folder.resolve("file")))
                .isInstanceOf(JobData.Missing.class)
                .hasMessageContaining("'" + base + "/nowhere'")
                .hasMessageNotContainingAny("sig", "abc", "word");
    }

    @Test
    void aNameIsLookedUpOnceAndWhatWasLookedAtIsGoneTo() throws IOException {
        int port = server.getAddress().getPort();
        List<String> asked = new ArrayList<>();
        Fetch.Names changing = host -> {
            asked.add(host);
            return InetAddress.getAllByName(asked.size() == 1 ? "127.0.0.1" : "169.254.169.254");
        };
        new Fetch(LONG, LONG, Set.of(), changing).to("http://far.example:%d/file".formatted(port), folder.resolve("f"));
        assertThat(Files.readString(folder.resolve("f"))).isEqualTo("far away");
        assertThat(asked).containsExactly("far.example");
    }

    @Test
    void aFileHasNoNameThatLeavesItsFolder() {
        assertThat(FileNames.possible("deep/er/a ä.txt")).isTrue();
        for (String name : new String[] {"", "/a", "a/", "a//b", "a/../b", "./a", "a/" + "ä".repeat(128)}) {
            assertThat(FileNames.possible(name)).as(name).isFalse();
        }
    }

    private String fetched(Duration quiet, String path) throws IOException {
        Path file = folder.resolve("file");
        fetch(quiet, Set.of()).to(base + path, file);
        return Files.readString(file);
    }

    private static Fetch fetch(Duration quiet, Set<Integer> own) {
        return new Fetch(quiet, LONG, own, InetAddress::getAllByName);
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }
}
