package dev.malachite.server.blob;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Answers GET and HEAD of one blob. */
@Component
class BlobReads {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");

    /** Headers that a SAS may set in the answer. */
    private static final Map<String, String> OVERRIDES = Map.of(
            "rscc", "cache-control",
            "rscd", "content-disposition",
            "rsce", "content-encoding",
            "rscl", "content-language",
            "rsct", BlobProperties.TYPE);

    private final BlobStore store;

    BlobReads(BlobStore store) {
        this.store = store;
    }

    /** First and last byte that are wanted; {@code partial} when the client asked for a range. */
    private record Span(long first, long length, boolean partial) {}

    void read(BlobRequest request, HttpServletResponse response) throws IOException {
        Blob blob = store.find(request.address()).orElseThrow(BlobException::blobNotFound);
        Conditions.of(request).requireForRead(blob);
        BlobProperties properties = store.properties(blob);
        describe(request, response, blob, properties);
        if (request.method().equals("HEAD")) {
            properties.header(BlobProperties.MD5).ifPresent(md5 -> response.setHeader("Content-MD5", md5));
            response.setContentLengthLong(blob.size());
            return;
        }
        try (FileChannel content = FileChannel.open(blob.content(), StandardOpenOption.READ)) {
            // A log grows while it is read: what was there when it was looked at is what is sent.
            long size = Math.min(blob.size(), content.size());
            Span span = span(request, size);
            properties
                    .header(BlobProperties.MD5)
                    .ifPresent(
                            md5 -> response.setHeader(span.partial() ? "x-ms-blob-content-md5" : "Content-MD5", md5));
            if (span.partial()) {
                response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
                response.setHeader(
                        "Content-Range",
                        "bytes %d-%d/%d".formatted(span.first(), span.first() + span.length() - 1, size));
            }
            response.setContentLengthLong(span.length());
            send(content, span, response.getOutputStream());
        } catch (NoSuchFileException e) {
            throw BlobException.blobNotFound();
        }
    }

    /** The metadata alone, as headers. */
    void metadata(BlobRequest request, HttpServletResponse response) {
        Blob blob = store.find(request.address()).orElseThrow(BlobException::blobNotFound);
        Conditions.of(request).requireForRead(blob);
        stamp(response, blob);
        store.properties(blob).metadata().forEach((name, value) -> response.setHeader("x-ms-meta-" + name, value));
    }

    /** The headers that say which content this is. */
    static void stamp(HttpServletResponse response, Blob blob) {
        response.setHeader("ETag", blob.etag());
        response.setHeader("Last-Modified", httpDate(blob.modified()));
    }

    static String httpDate(Instant time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
    }

    private static void describe(
            BlobRequest request, HttpServletResponse response, Blob blob, BlobProperties properties) {
        stamp(response, blob);
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("x-ms-blob-type", "BlockBlob");
        response.setHeader("x-ms-creation-time", httpDate(blob.modified()));
        response.setHeader("x-ms-lease-status", "unlocked");
        response.setHeader("x-ms-lease-state", "available");
        response.setHeader("x-ms-server-encrypted", "true");
        response.setHeader("Content-Type", "application/octet-stream");
        // A run's file must not act in the name of the emulator's own page, whose origin it shares in path style.
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "sandbox");
        properties.headers().forEach((name, value) -> {
            if (!name.equals(BlobProperties.MD5)) {
                response.setHeader(BlobProperties.NAMES.getOrDefault(name, name), value);
            }
        });
        properties.metadata().forEach((name, value) -> response.setHeader("x-ms-meta-" + name, value));
        OVERRIDES.forEach((field, header) -> request.query()
                .get(field)
                .filter(value -> value.chars().noneMatch(Character::isISOControl))
                .ifPresent(value -> response.setHeader(BlobProperties.NAMES.getOrDefault(header, header), value)));
    }

    private static Span span(BlobRequest request, long size) {
        Optional<String> wanted = request.header("x-ms-range").or(() -> request.header("Range"));
        Matcher range = RANGE.matcher(wanted.orElse(""));
        // As HTTP has it, a range that is not understood is as good as none.
        if (!range.matches()) {
            return new Span(0, size, false);
        }
        long first = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
        if (first >= size || last < first) {
            throw BlobException.invalidRange(size);
        }
        return new Span(first, Math.min(last, size - 1) - first + 1, true);
    }

    private static void send(FileChannel content, Span span, OutputStream out) throws IOException {
        WritableByteChannel sink = Channels.newChannel(out);
        long position = span.first();
        long left = span.length();
        while (left > 0) {
            long sent = content.transferTo(position, left, sink);
            if (sent <= 0) {
                throw new IOException("the blob's file became shorter while it was read");
            }
            position += sent;
            left -= sent;
        }
        out.flush();
    }
}
