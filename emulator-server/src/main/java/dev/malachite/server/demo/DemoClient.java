package dev.malachite.server.demo;

import dev.malachite.server.tls.TrustStore;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls the emulator as an SDK does: HTTPS with the emulator's own CA, a token, Azure's paths. */
final class DemoClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http;
    private final String https;
    private final String plain;
    private final String token;

    /** Asks {@code plain} for the CA and a token, as a client without credentials of its own does. */
    DemoClient(String https, String plain) throws IOException, InterruptedException {
        this.https = https;
        this.plain = plain;
        HttpClient bare = HttpClient.newHttpClient();
        String ca = bare.send(
                        HttpRequest.newBuilder(URI.create(plain + "/_emulator/ca"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        this.http = HttpClient.newBuilder().sslContext(trusting(ca)).build();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(plain + "/msi/token?api-version=2019-08-01&resource=" + https))
                .header("X-IDENTITY-HEADER", "demo")
                .build();
        this.token = Json.string(read(bare.send(request, BodyHandlers.ofString())), "access_token")
                .orElseThrow(() -> new IOException("no token"));
    }

    private static SSLContext trusting(String ca) {
        try {
            return TrustStore.trusting(ca);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the emulator's certificate cannot be used", e);
        }
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return json("GET", path, null);
    }

    JsonNode put(String path, ObjectNode body) throws IOException, InterruptedException {
        return json("PUT", path, body);
    }

    JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
        return json("POST", path, body);
    }

    /** The control API answers on the plain port only. */
    JsonNode control(String method, String path, ObjectNode body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(plain + "/_emulator" + path))
                .timeout(TIMEOUT)
                .method(method, BodyPublishers.ofString(Json.text(body)))
                .build();
        return read(http.send(request, BodyHandlers.ofString()));
    }

    private JsonNode json(String method, String path, @Nullable ObjectNode body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(https + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(Json.text(body)))
                .build();
        return read(http.send(request, BodyHandlers.ofString()));
    }

    /** Puts a file where the emulator said; the part before the {@code @} only guides SDKs. */
    void upload(String url, Path file) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(withoutUser(url))
                .timeout(TIMEOUT)
                .header("x-ms-blob-type", "BlockBlob")
                .PUT(BodyPublishers.ofFile(file))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IOException("upload answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    String text(String url) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(withoutUser(url)).timeout(TIMEOUT).build(), BodyHandlers.ofString());
        return answer.statusCode() == 200 ? answer.body() : "";
    }

    private static URI withoutUser(String url) {
        return URI.create(url.replaceFirst("//[^/@]*@", "//"));
    }

    private static JsonNode read(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() >= 400) {
            throw new IOException(
                    "%s answered %d: %s".formatted(answer.uri().getPath(), answer.statusCode(), answer.body()));
        }
        return answer.body().isEmpty() ? Json.object() : Json.mapper().readTree(answer.body());
    }
}
