package dev.malachite.server.web;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import tools.jackson.databind.JsonNode;

/** Writes a JSON answer as one piece whose length is told: in chunks it would be sent, and encrypted, in three. */
final class JsonAnswers extends AbstractHttpMessageConverter<JsonNode> {

    JsonAnswers() {
        super(MediaType.APPLICATION_JSON, new MediaType("application", "*+json"));
    }

    @Override
    protected boolean supports(Class<?> type) {
        return JsonNode.class.isAssignableFrom(type);
    }

    @Override
    public boolean canRead(Class<?> type, @Nullable MediaType media) {
        return false;
    }

    @Override
    protected JsonNode readInternal(Class<? extends JsonNode> type, HttpInputMessage input) {
        throw new UnsupportedOperationException("bodies are read by BodyResolver");
    }

    @Override
    protected void writeInternal(JsonNode answer, HttpOutputMessage output) throws IOException {
        byte[] bytes = Json.mapper().writeValueAsBytes(answer);
        output.getHeaders().setContentLength(bytes.length);
        output.getBody().write(bytes);
    }
}
