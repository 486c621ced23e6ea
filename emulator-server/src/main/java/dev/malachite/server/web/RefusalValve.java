package dev.malachite.server.web;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Says in our envelope what Tomcat refuses before a filter sees it, such as a path with {@code %00}, in the place of a page
 * that no client understands.
 */
public final class RefusalValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        byte[] body = Json.text(Envelopes.of(error(request, response), request.getRequestURI()))
                .getBytes(StandardCharsets.UTF_8);
        try {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException e) {
            container.getLogger().debug("nobody waits for the refusal", e);
        }
    }

    private static AzureError error(Request request, Response response) {
        int status = response.getStatus();
        return switch (status) {
            case 404 -> Errors.noSuchRoute(request.getRequestURI());
            case 405 -> Errors.methodNotAllowed(request.getMethod(), response.getHeaders(HttpHeaders.ALLOW));
            default ->
                status < 500
                        ? new AzureError(status, "BadRequest", "The request is not one that HTTP allows.")
                        : new AzureError(status, "InternalServerError", "The emulator failed; its log says where.");
        };
    }
}
