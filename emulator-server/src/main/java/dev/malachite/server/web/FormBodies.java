package dev.malachite.server.web;

import dev.malachite.api.Errors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON objects that come as a part of a form, as {@link Body} does those that are a whole body. */
@Component
public class FormBodies {

    private static final int MOST_BYTES = 1_000_000;

    private final ObjectProvider<BodyGuard> guards;

    FormBodies(ObjectProvider<BodyGuard> guards) {
        this.guards = guards;
    }

    /**
     * The object in that part.
     *
     * @param what for messages, for example "The experiment"
     */
    public ObjectNode read(HttpServletRequest request, Part part, String what) throws IOException {
        byte[] bytes = part.getInputStream().readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new AzureException(Errors.tooLarge(what, MOST_BYTES));
        }
        try {
            if (Json.mapper().readTree(bytes) instanceof ObjectNode object) {
                guards.forEach(guard -> guard.check(request.getRequestURI(), object));
                return object;
            }
        } catch (JacksonException e) {
            throw new AzureException(Errors.invalidContent(e.getOriginalMessage()));
        }
        throw new AzureException(Errors.invalidContent("%s must be an object".formatted(what)));
    }
}
