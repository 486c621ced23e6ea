package dev.malachite.testkit.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.malachite.api.AzureError;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON over HTTP to one emulator: an answer is a tree, an error is a {@link MalachiteException}. */
final class Wire {

    /** Times and durations are ISO 8601, what is absent is left out, what a newer emulator adds is passed over. */
    static final JsonMapper JSON = JsonMapper.builder()
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .changeDefaultPropertyInclusion(ignored ->
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
            .withConfigOverride(
                    List.class, override -> override.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .build();

    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** A turn of the clock over many timers may take its time; what takes longer than this hangs. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final URI base;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    Wire(URI base) {
        String text = base.toString();
        this.base = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    }

    URI base() {
        return base;
    }

    HttpClient http() {
        return http;
    }

    URI uri(String path) {
        return URI.create(base + "/_emulator" + path);
    }

    JsonNode get(String path) {
        return json(text("GET", path, null));
    }

    JsonNode post(String path, @Nullable JsonNode body) {
        return json(text("POST", path, body));
    }

    JsonNode put(String path, JsonNode body) {
        return json(text("PUT", path, body));
    }

    void delete(String path) {
        text("DELETE", path, null);
    }

    String text(String method, String path, @Nullable JsonNode body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(LONGEST);
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.method(method, BodyPublishers.ofString(body.toString())).header("Content-Type", "application/json");
        }
        String call = method + " " + base + "/_emulator" + path;
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new MalachiteException(call, "no answer (" + e.getClass().getSimpleName() + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MalachiteException(call, "interrupted", e);
        }
        if (response.statusCode() >= 400) {
            throw new MalachiteException(call, error(response.statusCode(), response.body()));
        }
        return response.body();
    }

    /** An error in Azure's envelope; whatever stands between us and the emulator may answer without one. */
    static AzureError error(int status, String body) {
        JsonNode error = json(body).path("error");
        return new AzureError(
                status,
                error.path("code").asString("Unknown"),
                error.path("message").asString(body.isBlank() ? "no reason given" : body));
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static <T> T read(JsonNode json, Class<T> type) {
        return JSON.treeToValue(json, type);
    }

    static <T> List<T> list(JsonNode array, Class<T> type) {
        return array.valueStream().map(item -> read(item, type)).toList();
    }

    /** A segment of a path or a value in a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static JsonNode json(String text) {
        if (text.isBlank()) {
            return object();
        }
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            return object();
        }
    }
}
