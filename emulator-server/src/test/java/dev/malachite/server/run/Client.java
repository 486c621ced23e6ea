package dev.malachite.server.run;

import dev.malachite.server.web.Json;
import java.net.URI;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.node.ObjectNode;

/** Sends JSON as msrest clients do, and reads the answer's. */
public final class Client {

    private static final MediaType PATCH_JSON = MediaType.parseMediaType("application/json-patch+json; charset=utf-8");

    private final MockMvcTester mvc;
    private final String base;

    /**
     * A client.
     *
     * @param base what all paths begin with
     */
    public Client(MockMvcTester mvc, String base) {
        this.mvc = mvc;
        this.base = base;
    }

    /** An answer; its body is an empty object when there was none. */
    public record Answer(int status, ObjectNode body) {}

    public Answer get(String path) {
        return send(HttpMethod.GET, path, "");
    }

    public Answer post(String path, String body) {
        return send(HttpMethod.POST, path, body);
    }

    public Answer put(String path, String body) {
        return send(HttpMethod.PUT, path, body);
    }

    public Answer patch(String path, String body) {
        return send(HttpMethod.PATCH, path, body);
    }

    public Answer delete(String path, String body) {
        return send(HttpMethod.DELETE, path, body);
    }

    private Answer send(HttpMethod method, String path, String body) {
        MvcTestResult result = mvc.method(method)
                .uri(URI.create(base + path))
                .contentType(PATCH_JSON)
                // Single quotes keep tests readable.
                .content(body.replace('\'', '"'))
                .exchange();
        byte[] bytes = result.getResponse().getContentAsByteArray();
        return new Answer(
                result.getResponse().getStatus(),
                bytes.length == 0 ? Json.object() : (ObjectNode) Json.mapper().readTree(bytes));
    }
}
