package dev.malachite.server.web;

import dev.malachite.api.Errors;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ContainerNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the parameter marked {@link Body}. */
@Component
class BodyResolver implements HandlerMethodArgumentResolver {

    /** Azure Resource Manager's own limit is 4 MB; snapshots of 2 000 files stay below 2 MB. */
    private static final int MAX_BYTES = 8 * 1024 * 1024;

    /** Bytes that may be parsed at once: a tree takes many times its text, and requests have no other bound. */
    private static final Semaphore PARSING = new Semaphore(64 * 1024 * 1024);

    private final ObjectProvider<BodyGuard> guards;

    BodyResolver(ObjectProvider<BodyGuard> guards) {
        this.guards = guards;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(Body.class);
    }

    @Override
    public ContainerNode<?> resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest web,
            @Nullable WebDataBinderFactory binder)
            throws IOException {
        HttpServletRequest request = web.getNativeRequest(HttpServletRequest.class);
        if (request == null) {
            throw new IllegalStateException("not an HTTP request");
        }
        byte[] bytes = request.getInputStream().readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new AzureException(Errors.tooLarge("The request body", MAX_BYTES));
        }
        PARSING.acquireUninterruptibly(bytes.length);
        try {
            ContainerNode<?> body = parameter.getParameterType() == ArrayNode.class ? readList(bytes) : read(bytes);
            guards.forEach(guard -> guard.check(request.getRequestURI(), body));
            return body;
        } finally {
            PARSING.release(bytes.length);
        }
    }

    static ObjectNode read(byte[] bytes) {
        if (bytes.length == 0) {
            return Json.object();
        }
        if (parsed(bytes) instanceof ObjectNode object) {
            return object;
        }
        throw new AzureException(Errors.invalidContent("a JSON object is expected"));
    }

    private static ArrayNode readList(byte[] bytes) {
        if (parsed(bytes) instanceof ArrayNode list) {
            return list;
        }
        throw new AzureException(Errors.invalidContent("a JSON list is expected"));
    }

    private static JsonNode parsed(byte[] bytes) {
        JsonNode node;
        try {
            node = Json.mapper().readTree(bytes);
            if (node.isString() && node.stringValue().startsWith("{")) {
                // azureml-core's remove_identity sends a JSON string that holds JSON.
                node = Json.mapper().readTree(node.stringValue());
            }
        } catch (JacksonException e) {
            throw new AzureException(Errors.invalidContent(e.getOriginalMessage()));
        }
        return node;
    }
}
