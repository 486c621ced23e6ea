package dev.malachite.server.machine;

import dev.malachite.server.machine.ProxyHeaders.Header;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.InstanceRuntime.Notebooks;
import dev.malachite.server.runtime.LocalHttp;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Pattern;

/** Hands a request on to a machine's Jupyter server, and its answer back while it comes. */
final class NotebookProxy implements AutoCloseable {

    /** As Jupyter's own limit of a body. */
    static final long LARGEST_BODY = 512L << 20;

    /** Until the answer begins; a kernel that starts is the slowest. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int BUFFER = 1 << 16;

    /** What our listeners take and a URI may not have. */
    private static final String LENIENT = "\"<>\\^`{|}";

    private static final Pattern ESCAPED = Pattern.compile("%[0-9A-Fa-f]{2}");

    private final LocalHttp http = new LocalHttp();

    /** @throws IOException when the server cannot be reached; nothing has been answered then */
    void forward(HttpServletRequest request, HttpServletResponse response, Notebooks server) throws IOException {
        HttpRequest.Builder asked = HttpRequest.newBuilder(URI.create(server.address() + strict(target(request))))
                .method(request.getMethod(), body(request))
                .timeout(PATIENCE)
                .header(InstanceRuntime.KEY_HEADER, server.key());
        for (Header header : ProxyHeaders.toServer(request)) {
            asked.header(header.name(), header.value());
        }
        HttpResponse<InputStream> answer;
        try {
            answer = http.client().send(asked.build(), BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
        response.setStatus(answer.statusCode());
        ProxyHeaders.toBrowser(answer.headers().map())
                .forEach(header -> response.addHeader(header.name(), header.value()));
        answer.headers().firstValueAsLong("content-length").ifPresent(response::setContentLengthLong);
        try (InputStream in = answer.body()) {
            copy(in, response.getOutputStream());
        } catch (IOException e) {
            // Half of an answer is out: whoever reads it must see it break off.
            throw new UncheckedIOException(e);
        }
    }

    /** The path and query as they were sent. */
    static String target(HttpServletRequest request) {
        String query = request.getQueryString();
        return request.getRequestURI() + (query == null ? "" : "?" + query);
    }

    /** Browsers leave characters as they are that no URI may have. */
    static String strict(String target) {
        StringBuilder strict = new StringBuilder(target.length());
        int query = target.indexOf('?');
        for (int i = 0; i < target.length(); i++) {
            char each = target.charAt(i);
            boolean bad = LENIENT.indexOf(each) >= 0
                    || each > '~'
                    || ("[]".indexOf(each) >= 0 && (query < 0 || i < query))
                    || (each == '%'
                            && !ESCAPED.matcher(target)
                                    .region(i, target.length())
                                    .lookingAt());
            strict.append(bad ? "%%%02X".formatted((int) each) : String.valueOf(each));
        }
        return strict.toString();
    }

    @Override
    public void close() {
        http.close();
    }

    private static BodyPublisher body(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        if (length == 0 || (length < 0 && request.getHeader("Transfer-Encoding") == null)) {
            return BodyPublishers.noBody();
        }
        BodyPublisher streamed = BodyPublishers.ofInputStream(() -> {
            try {
                return new Bounded(request.getInputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return length < 0 ? streamed : BodyPublishers.fromPublisher(streamed, length);
    }

    /** What comes in small pieces, as a kernel's events do, goes on in small pieces. */
    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    /** A body whose length nobody said. */
    private static final class Bounded extends java.io.FilterInputStream {

        private long left = LARGEST_BODY;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int read) throws IOException {
            left -= read;
            if (left < 0) {
                throw new IOException("A body exceeds the limit of " + LARGEST_BODY + " bytes");
            }
        }
    }
}
