package dev.malachite.server.blob;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request of a batch, which came over the connection of the whole but says everything else itself. */
final class BatchPart extends HttpServletRequestWrapper {

    private static final Pattern BOUNDARY = Pattern.compile("multipart/mixed; *boundary=\"?([^\";, ]{1,70})\"?");

    private static final Pattern REQUEST_LINE = Pattern.compile("([A-Z]+) (/[^ ]*) HTTP/1\\.1");

    private final String id;
    private final String method;
    private final String path;
    private final @Nullable String query;
    private final Map<String, String> headers;

    private BatchPart(
            HttpServletRequest whole,
            String id,
            String method,
            String path,
            @Nullable String query,
            Map<String, String> headers) {
        super(whole);
        this.id = id;
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
    }

    /** The requests of a batch in their order. */
    static List<BatchPart> split(HttpServletRequest whole, String type, String body) {
        Matcher boundary = BOUNDARY.matcher(type);
        if (!boundary.matches()) {
            throw BlobException.invalidBatch("Its type is multipart/mixed with a boundary.");
        }
        List<BatchPart> parts = new ArrayList<>();
        for (String part : body.split("--" + Pattern.quote(boundary.group(1)), -1)) {
            if (!part.isBlank() && !part.strip().equals("--")) {
                parts.add(parse(whole, part.replace("\r\n", "\n").strip()));
            }
        }
        return parts;
    }

    private static BatchPart parse(HttpServletRequest whole, String text) {
        int blank = text.indexOf("\n\n");
        if (blank < 0) {
            throw BlobException.invalidBatch("A part has no request.");
        }
        String id = headers(text.substring(0, blank)).getOrDefault("Content-ID", "0");
        String request = text.substring(blank).strip();
        int end = request.indexOf('\n');
        Matcher line = REQUEST_LINE.matcher((end < 0 ? request : request.substring(0, end)).strip());
        if (!line.matches() || !id.matches("[0-9]{1,9}")) {
            throw BlobException.invalidBatch("A part's request is not understood.");
        }
        String url = line.group(2);
        int mark = url.indexOf('?');
        return new BatchPart(
                whole,
                id,
                line.group(1),
                mark < 0 ? url : url.substring(0, mark),
                mark < 0 ? null : url.substring(mark + 1),
                headers(end < 0 ? "" : request.substring(end + 1)));
    }

    private static Map<String, String> headers(String lines) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : lines.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    String id() {
        return id;
    }

    @Override
    public String getMethod() {
        return method;
    }

    @Override
    public String getRequestURI() {
        return path;
    }

    @Override
    public @Nullable String getQueryString() {
        return query;
    }

    @Override
    public @Nullable String getHeader(String name) {
        return headers.get(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.enumeration(headers.keySet());
    }
}
