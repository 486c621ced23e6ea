package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** A submission that comes as a form of files, all of which are called {@code files}: only their file names tell them apart. */
final class SubmissionForm {

    private static final String DEFINITION = "definition.json";
    private static final int MOST_BYTES = 1_000_000;

    private SubmissionForm() {}

    /** The run configuration. */
    static ObjectNode definition(HttpServletRequest request) throws IOException, ServletException {
        byte[] bytes = part(request, DEFINITION).getInputStream().readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new AzureException(Errors.tooLarge("The run configuration", MOST_BYTES));
        }
        try {
            if (Json.mapper().readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new AzureException(Errors.invalidContent(e.getOriginalMessage()));
        }
        throw new AzureException(Errors.invalidContent("'%s' must be an object".formatted(DEFINITION)));
    }

    static Part part(HttpServletRequest request, String file) throws IOException, ServletException {
        String type = request.getContentType();
        if (type == null || !type.startsWith("multipart/form-data")) {
            throw new AzureException(
                    Errors.invalidContent("multipart/form-data with a file '%s' is expected".formatted(file)));
        }
        for (Part part : request.getParts()) {
            if (file.equals(part.getSubmittedFileName())) {
                return part;
            }
        }
        throw new AzureException(Errors.invalidContent("the file '%s' is missing".formatted(file)));
    }
}
