package dev.malachite.server.blob;

import dev.malachite.server.web.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import tools.jackson.databind.node.ObjectNode;

/** A running server of the features that keep files, and short ways to call it as clients do. */
@SpringBootTest(
        classes = FilesTestApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "malachite.in-memory=true",
            "malachite.data=target/files-test",
            "spring.datasource.url=jdbc:h2:mem:files;DB_CLOSE_DELAY=-1",
            "spring.aot.enabled=false"
        })
public abstract class FilesTest {

    private static final Pattern URL = Pattern.compile("https?://(?:[^/@]+@)?[^/]+(/.*)");

    private final HttpClient client = HttpClient.newHttpClient();

    @Value("${local.server.port}")
    private int port;

    /** A request to a path of the server, or to a URL that it made for a caller of whatever kind. */
    protected HttpRequest.Builder to(String pathOrUrl) {
        Matcher url = URL.matcher(pathOrUrl);
        String path = url.matches() ? url.group(1) : pathOrUrl;
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    protected HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    protected HttpResponse<byte[]> get(String pathOrUrl) {
        return send(to(pathOrUrl).GET());
    }

    /** Uploads as the v1 SDK does. */
    protected HttpResponse<byte[]> upload(String url, String content) {
        return send(to(url).header("x-ms-blob-type", "BlockBlob")
                .header("If-None-Match", "*")
                .PUT(HttpRequest.BodyPublishers.ofString(content)));
    }

    protected HttpResponse<byte[]> json(String method, String path, ObjectNode body) {
        return send(to(path).header("Content-Type", "application/json-patch+json; charset=utf-8")
                .method(method, HttpRequest.BodyPublishers.ofString(Json.text(body))));
    }

    protected static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    protected static ObjectNode object(HttpResponse<byte[]> response) {
        return Json.parse(text(response));
    }

    protected static String errorCode(HttpResponse<byte[]> response) {
        return response.headers().firstValue("x-ms-error-code").orElse("none");
    }
}
