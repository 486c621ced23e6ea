package dev.malachite.server.blob;

import dev.malachite.server.blob.BlobProperties.Fact;
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
import org.springframework.stereotype.Component;

/** Answers GET and HEAD of one blob. */
@Component
class BlobReads {

    /** Azure's limit of a range whose sum is asked for. */
    private static final long MAX_SUMMED = 4L * 1024 * 1024;

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
        content(request, response, blob, properties.header(BlobProperties.MD5));
    }

    /** The bytes, or the range of them that is asked for. */
    void content(BlobRequest request, HttpServletResponse response, Blob blob, Optional<String> md5)
            throws IOException {
        try (FileChannel content = FileChannel.open(blob.content(), StandardOpenOption.READ)) {
            // A log grows while it is read: what was there when it was looked at is what is sent.
            long size = Math.min(blob.size(), content.size());
            ByteRange span = ByteRange.of(request.header("x-ms-range").or(() -> request.header("Range")), size);
            if (span.partial()) {
                response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
                response.setHeader(
                        "Content-Range",
                        "bytes %d-%d/%d".formatted(span.first(), span.first() + span.length() - 1, size));
            }
            sums(request, response, content, span, md5);
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

    /** When the first blob of that name came. */
    static Instant created(Blob blob, BlobProperties properties) {
        return properties.fact(Fact.CREATED).map(Instant::parse).orElse(blob.modified());
    }

    private static void copied(HttpServletResponse response, BlobProperties properties, Blob blob) {
        properties.fact(Fact.COPY_ID).ifPresent(id -> {
            response.setHeader("x-ms-copy-id", id);
            response.setHeader("x-ms-copy-status", "success");
            response.setHeader("x-ms-copy-progress", blob.size() + "/" + blob.size());
            properties.fact(Fact.COPY_SOURCE).ifPresent(url -> response.setHeader("x-ms-copy-source", url));
            properties
                    .fact(Fact.COPY_TIME)
                    .ifPresent(at -> response.setHeader("x-ms-copy-completion-time", httpDate(Instant.parse(at))));
        });
    }

    private static void describe(
            BlobRequest request, HttpServletResponse response, Blob blob, BlobProperties properties) {
        stamp(response, blob);
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("x-ms-creation-time", httpDate(created(blob, properties)));
        if (properties.isAppendBlob()) {
            response.setHeader("x-ms-blob-type", BlobWrites.APPEND);
            response.setHeader("x-ms-blob-committed-block-count", String.valueOf(AppendCalls.appended(properties)));
            properties.fact(Fact.SEALED).ifPresent(yes -> response.setHeader("x-ms-blob-sealed", yes));
        } else {
            response.setHeader("x-ms-blob-type", "BlockBlob");
            response.setHeader("x-ms-access-tier", properties.fact(Fact.TIER).orElse("Hot"));
            if (properties.fact(Fact.TIER).isEmpty()) {
                response.setHeader("x-ms-access-tier-inferred", "true");
            }
        }
        copied(response, properties, blob);
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

    private static void sums(
            BlobRequest request,
            HttpServletResponse response,
            FileChannel content,
            ByteRange span,
            Optional<String> md5)
            throws IOException {
        md5.ifPresent(sum -> response.setHeader(span.partial() ? "x-ms-blob-content-md5" : "Content-MD5", sum));
        if (request.header("x-ms-range-get-content-crc64").isPresent()) {
            throw BlobException.unsupportedHeader("x-ms-range-get-content-crc64");
        }
        if (span.partial()
                && request.header("x-ms-range-get-content-md5")
                        .filter(value -> value.equalsIgnoreCase("true"))
                        .isPresent()) {
            if (span.length() > MAX_SUMMED) {
                throw BlobException.invalidHeader("x-ms-range-get-content-md5");
            }
            response.setHeader("Content-MD5", Intake.md5(content, span.first(), (int) span.length()));
        }
    }

    private static void send(FileChannel content, ByteRange span, OutputStream out) throws IOException {
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
