package dev.malachite.testkit.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** An emulator's control API by a script: it answers what it was told to and remembers what it was asked. */
public final class FakeControl implements AutoCloseable {

    private static final String ROOT = "/_emulator";

    private final HttpServer server;
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    public FakeControl() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "fake-control");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
    }

    /** A request: what was asked, without the root, and the body. */
    public record Request(String call, String body) {}

    private record Answer(int status, String type, String body) {}

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The answer to a call; of several to the same call, one after the other, the last one for ever. */
    public FakeControl answer(String call, String json) {
        return answer(call, 200, json);
    }

    public FakeControl answer(String call, int status, String json) {
        return put(call, new Answer(status, "application/json", json));
    }

    /** A feed that sends this text and is closed then. */
    FakeControl feed(String text) {
        return put("GET /events", new Answer(200, "text/event-stream", text));
    }

    /** What stands for a whole emulator when it begins to be used. */
    public FakeControl asEmulator() {
        String address = address().toString();
        return answer("GET /env", """
                        {"ARM_CLOUD_METADATA_URL": "%s/metadata/endpoints", "AZURE_SUBSCRIPTION_ID": "default",
                         "AZUREML_SERVICE_PRINCIPAL_TENANT_ID": "t", "AZUREML_SERVICE_PRINCIPAL_ID": "c",
                         "AZUREML_SERVICE_PRINCIPAL_PASSWORD": "s"}""".formatted(address))
                .answer("GET /ca", resource("/authority.pem"))
                .answer("POST /reset", "{}")
                .feed(": listening\n\n");
    }

    /** All requests but those for the feed, oldest first. */
    public List<Request> requests() {
        return requests.stream()
                .filter(request -> !request.call().startsWith("GET /events"))
                .toList();
    }

    public List<String> calls() {
        return requests().stream().map(Request::call).toList();
    }

    /** What the feed was asked to go on after, oldest first. */
    List<String> resumed() {
        return requests.stream()
                .filter(request -> request.call().startsWith("GET /events"))
                .map(Request::body)
                .toList();
    }

    private FakeControl put(String call, Answer answer) {
        answers.computeIfAbsent(call, missing -> new ArrayDeque<>()).add(answer);
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        String path = uri.getPath().substring(ROOT.length());
        String call = exchange.getRequestMethod() + " " + path;
        String query = uri.getQuery() == null ? "" : "?" + uri.getQuery();
        String body = path.equals("/events")
                ? String.valueOf(exchange.getRequestHeaders().getFirst("Last-Event-ID"))
                : new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(call + query, body));
        Answer answer = next(call);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", answer.type());
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Answer next(String call) {
        Deque<Answer> left = answers.get(call);
        if (left == null) {
            return new Answer(
                    404, "application/json", "{\"error\":{\"code\":\"NotFound\",\"message\":\"Nothing is here.\"}}");
        }
        synchronized (left) {
            return left.size() > 1 ? left.remove() : left.element();
        }
    }

    private static String resource(String name) {
        try (InputStream file = FakeControl.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
