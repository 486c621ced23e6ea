package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.FormBodies;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/** A submission that comes as a form of files, all of which are called {@code files}: only their file names tell them apart. */
final class SubmissionForm {

    private static final String DEFINITION = "definition.json";

    private SubmissionForm() {}

    /** The run configuration. */
    static ObjectNode definition(HttpServletRequest request, FormBodies forms) throws IOException, ServletException {
        return forms.read(request, part(request, DEFINITION), "The run configuration");
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
