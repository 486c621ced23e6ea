package dev.malachite.server.web;

import dev.malachite.api.AzureError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Sends an error from a filter, in the same envelope that {@link ErrorAdvice} gives to those of controllers. */
@Component
public class Refusals {

    public void send(AzureError error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        ResponseEntity<ObjectNode> answer = ErrorAdvice.answer(error, request);
        response.setStatus(error.status());
        answer.getHeaders().forEach((name, values) -> values.forEach(value -> response.setHeader(name, value)));
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        ObjectNode body = answer.getBody();
        if (body != null) {
            response.getOutputStream().write(Json.text(body).getBytes(StandardCharsets.UTF_8));
        }
    }
}
