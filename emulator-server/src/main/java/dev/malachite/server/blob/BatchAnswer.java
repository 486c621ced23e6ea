package dev.malachite.server.blob;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpStatus;

/** What one request of a batch is answered, kept until its turn in the answer comes. */
final class BatchAnswer extends HttpServletResponseWrapper {

    private final Map<String, String> headers = new LinkedHashMap<>();
    private int status = SC_OK;

    BatchAnswer(HttpServletResponse whole) {
        super(whole);
        for (String name : new String[] {"x-ms-request-id", "x-ms-version", "Server"}) {
            headers.put(name, whole.getHeader(name));
        }
    }

    @Override
    public void setStatus(int sc) {
        status = sc;
    }

    @Override
    public void setHeader(String name, String value) {
        headers.put(name, value);
    }

    /** The answer as it goes over the wire. */
    String text(String body) {
        StringBuilder text = new StringBuilder("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(HttpStatus.valueOf(status).getReasonPhrase())
                .append("\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        if (!body.isEmpty()) {
            text.append("Content-Type: application/xml\r\nContent-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        return text.append("\r\n").append(body).toString();
    }
}
