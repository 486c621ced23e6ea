package dev.malachite.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With real sockets: the other end of every tunnel is a server of this test, which sends back what it gets and then "bye". */
class ProxyListenerTest {

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Limits USUAL = Limits.DEFAULT;
    private static final Duration SHORT = Duration.ofMillis(60);

    private final StringBuilder head = new StringBuilder();
    private ServerSocket other;

    @BeforeEach
    void openTheOtherEnd() throws IOException {
        other = new ServerSocket(0, 10, HERE);
    }

    @AfterEach
    void closeTheOtherEnd() throws IOException {
        other.close();
    }

    @Test
    void carriesWhatIsSaidBothWaysUntilBothHaveSaidAll() throws IOException {
        serve(ProxyListenerTest::echo);
        try (ProxyListener proxy = open(false, Optional.empty(), USUAL);
                Socket client = ask(proxy, "CONNECT Management.Azure.com.:443 HTTP/1.1\r\nHost: x\r\n\r\nat once, ")) {
            client.getOutputStream().write("and later".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            assertThat(all(client)).isEqualTo("HTTP/1.1 200 Connection established\r\n\r\nat once, and laterbye");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET http://example.org/ HTTP/1.1      | 405 | takes CONNECT and nothing else",
                "CONNECT management.azure.com HTTP/1.1 | 400 | a colon and a port",
                "CONNECT a b:443 HTTP/1.1              | 400 | a colon and a port",
                "CONNECT x:70000 HTTP/1.1              | 400 | from 1 to 65535",
                "CONNECT x:443 HTTP/2                  | 400 | a colon and a port",
                "CONNECT graph.windows.net:80 HTTP/1.1 | 403 | only port 443 is here",
                "CONNECT packages.example:443 HTTP/1.1         | 403 | it passes no others",
                "CONNECT a.b.blob.core.windows.net:443 HTTP/1.1 | 403 | it passes no others",
            })
    void refusesInOneLineThatClientsShow(String request, int status, String line) throws IOException {
        try (ProxyListener proxy = open(false, Optional.empty(), USUAL);
                Socket client = ask(proxy, request + "\r\n\r\n")) {
            String answer = all(client);
            assertThat(answer).startsWith("HTTP/1.1 " + status + " malachite: ");
            assertThat(answer.lines().findFirst()).get().asString().contains(line);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "2852039166",
                "0xa9fea9fe",
                "[::ffff:169.254.169.254]",
                "[fe80::1]",
                "[fd00:ec2::254]",
                "168.63.129.16",
                "metadata.google.internal",
                "127.0.0.2",
                "[::1]",
                "0.0.0.0",
                "localhost",
                "some.localhost"
            })
    void leadsToNoMachinesSecretsWhateverTheyAreCalled(String host) throws IOException {
        // Nor does it ask another proxy for them, which would look names up itself.
        Optional<Upstream> upstream = Upstream.of(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + other.getLocalPort()));
        try (ProxyListener proxy = open(true, upstream, USUAL);
                Socket client = ask(proxy, "CONNECT " + host + ":443 HTTP/1.1\r\n\r\n")) {
            assertThat(all(client)).startsWith("HTTP/1.1 403 malachite: no tunnel leads to ");
        }
    }

    @Test
    void asksTheProxyOfItsOwnEnvironmentForOthers() throws IOException, InterruptedException {
        Thread server = serve(socket -> {
            head.append(head(socket));
            socket.getOutputStream().write("HTTP/1.1 200 ok\r\nVia: it\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            echo(socket);
        });
        String url = "http://someone:secret@127.0.0.1:" + other.getLocalPort();
        try (ProxyListener proxy = open(true, Upstream.of(Map.of("https_proxy", url)), USUAL);
                Socket client = ask(proxy, "CONNECT packages.example:443 HTTP/1.1\r\n\r\n")) {
            client.shutdownOutput();
            assertThat(all(client)).endsWith("\r\n\r\nbye");
        }
        server.join();
        assertThat(head.toString().lines())
                .containsExactly(
                        "CONNECT packages.example:443 HTTP/1.1",
                        "Host: packages.example:443",
                        "Proxy-Authorization: Basic c29tZW9uZTpzZWNyZXQ=",
                        "");
    }

    @Test
    void saysWhatThatProxySaysButNotItsPassword() throws IOException {
        serve(socket -> {
            head(socket);
            socket.getOutputStream().write("HTTP/1.1 407 Who are you\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        });
        String url = "http://someone:secret@127.0.0.1:" + other.getLocalPort();
        try (ProxyListener proxy = open(true, Upstream.of(Map.of("HTTPS_PROXY", url)), USUAL);
                Socket client = ask(proxy, "CONNECT packages.example:443 HTTP/1.1\r\n\r\n")) {
            assertThat(all(client)).contains("502", "407 Who are you").doesNotContain("secret", "someone");
        }
    }

    @Test
    void goesStraightWhereNoProxyIsWanted() {
        Upstream upstream = Upstream.of(Map.of("HTTPS_PROXY", "proxy:3128", "NO_PROXY", ".intern, example.org"))
                .orElseThrow();
        assertThat(upstream.port()).isEqualTo(3128);
        assertThat(List.of("packages.example", "notexample.org")).allMatch(upstream::serves);
        assertThat(List.of("example.org", "a.example.org", "git.intern")).noneMatch(upstream::serves);
        assertThat(Upstream.of(Map.of("HTTPS_PROXY", "socks5://x:1"))).isEmpty();
    }

    @Test
    void takesNoMoreThanItsLimitAndSoonTakesOthersAgain() throws IOException {
        serve(ProxyListenerTest::echo);
        try (ProxyListener proxy = open(false, Optional.empty(), limits(1, USUAL.head(), USUAL.idle()))) {
            try (Socket holder = ask(proxy, "CONNECT management.azure.com:443 HTTP/1.1\r\n\r\n");
                    Socket second = connect(proxy)) {
                assertThat(head(holder)).startsWith("HTTP/1.1 200");
                second.getOutputStream().write("CONNECT x:443 HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(all(second)).startsWith("HTTP/1.1 503 malachite: there are 1 tunnels already");
                holder.shutdownOutput();
                assertThat(all(holder)).isEqualTo("bye");
            }
        }
    }

    @Test
    void doesNotWaitForThoseWhoDoNotSayWhereTheyWantToGo() throws IOException {
        try (ProxyListener proxy = open(false, Optional.empty(), limits(5, SHORT, USUAL.idle()));
                Socket client = ask(proxy, "CONNECT management.azure.com:443 HT")) {
            assertThat(all(client)).startsWith("HTTP/1.1 408 malachite: the request did not come within 60 ms");
        }
    }

    @Test
    void readsNoHeadWithoutAnEnd() throws IOException {
        try (ProxyListener proxy = open(false, Optional.empty(), USUAL);
                Socket client = ask(proxy, "CONNECT x:443 HTTP/1.1\r\nA: " + "a".repeat(Limits.HEAD_BYTES))) {
            assertThat(all(client)).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void endsATunnelInWhichNobodySaysAnything() throws IOException {
        serve(ProxyListenerTest::echo);
        try (ProxyListener proxy = open(false, Optional.empty(), limits(5, USUAL.head(), SHORT));
                Socket client = ask(proxy, "CONNECT management.azure.com:443 HTTP/1.1\r\n\r\n")) {
            assertThat(head(client)).startsWith("HTTP/1.1 200");
            assertThat(client.getInputStream().read()).isNegative();
        }
    }

    @Test
    void isNotForJobs() throws IOException {
        Routes routes = routes(true, Optional.empty(), USUAL);
        try (ProxyListener proxy = new ProxyListener(new InetSocketAddress(HERE, 0), routes, socket -> true);
                Socket client = ask(proxy, "CONNECT management.azure.com:443 HTTP/1.1\r\n\r\n")) {
            assertThat(all(client)).startsWith("HTTP/1.1 403 malachite: jobs do not go through the proxy");
        }
    }

    private ProxyListener open(boolean passing, Optional<Upstream> upstream, Limits limits) throws IOException {
        return new ProxyListener(new InetSocketAddress(HERE, 0), routes(passing, upstream, limits), socket -> false);
    }

    private Routes routes(boolean passing, Optional<Upstream> upstream, Limits limits) {
        return new Routes(new InetSocketAddress(HERE, other.getLocalPort()), passing, upstream, limits);
    }

    private static Limits limits(int tunnels, Duration head, Duration idle) {
        return new Limits(tunnels, head, USUAL.connect(), idle);
    }

    private static Socket connect(ProxyListener proxy) throws IOException {
        return new Socket(HERE, proxy.port());
    }

    private static Socket ask(ProxyListener proxy, String request) throws IOException {
        Socket client = connect(proxy);
        client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
        return head.toString();
    }

    private static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
        socket.getOutputStream().write("bye".getBytes(StandardCharsets.US_ASCII));
    }

    /** What the other end does with its one guest. */
    private interface Part {
        void with(Socket guest) throws IOException;
    }

    private Thread serve(Part part) {
        return Thread.ofVirtual().start(() -> {
            try (Socket guest = other.accept()) {
                part.with(guest);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
