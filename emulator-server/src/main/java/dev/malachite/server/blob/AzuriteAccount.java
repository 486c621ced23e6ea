package dev.malachite.server.blob;

import dev.malachite.api.AzureError;
import dev.malachite.server.AzuriteAddress;
import dev.malachite.server.blob.BlobProperties.Fact;
import dev.malachite.server.start.UserError;
import dev.malachite.server.tls.Certificates;
import dev.malachite.server.web.AzureException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The containers and blobs of an account that a running Azurite has, by its REST API. Source: Microsoft's "Blob service REST
 * API" and "Authorize with Shared Key".
 */
final class AzuriteAccount {

    private static final String VERSION = "2021-12-02";

    private static final String METADATA = "x-ms-meta-";

    private static final String AUTHORITIES = "NODE_EXTRA_CA_CERTS";

    /** What each version of the service takes at once. */
    private static final int APPENDED_AT_ONCE = 4 * 1024 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long SLOWEST_BYTES_PER_SECOND = 1024 * 1024;

    /** As Azurite sorts headers: by language, where a low line comes before all digits. */
    private static final Comparator<String> AS_SIGNED =
            Comparator.comparing((String name) -> name.replace('_', ' ')).thenComparing(Comparator.naturalOrder());

    private final AzuriteAddress address;

    /** Real time, because Azurite judges a request's date by its own clock. */
    private final InstantSource time = InstantSource.system();

    private final HttpClient http;

    private AzuriteAccount(AzuriteAddress address, HttpClient http) {
        this.address = address;
        this.http = http;
    }

    /**
     * The one that the start asks for; none where it asks for none.
     *
     * @throws UserError when who issued its certificate is named and cannot be read
     */
    static Optional<AzuriteAccount> of(String setting, Certificates certificates) {
        if (setting.isBlank()) {
            return Optional.empty();
        }
        AzuriteAddress address = AzuriteAddress.parse(setting);
        HttpClient.Builder http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(Duration.ofSeconds(5));
        if (address.isSecure()) {
            http.sslContext(trust(certificates));
        }
        return Optional.of(new AzuriteAccount(address, http.build()));
    }

    /** Node's own variable, because an Azurite runs in Node, and because it adds to what is trusted. */
    private static SSLContext trust(Certificates certificates) {
        String named = Objects.requireNonNullElse(System.getenv(AUTHORITIES), "");
        try {
            return certificates.trustingAlso(named.isBlank() ? Optional.empty() : Optional.of(Path.of(named)));
        } catch (IOException | GeneralSecurityException | InvalidPathException e) {
            throw new UserError("no certificates can be read (%s); %s is '%s'".formatted(e, AUTHORITIES, named));
        }
    }

    /** What helps where it does not answer. */
    String help() {
        return address.isSecure()
                ? "Start it (npx azurite-blob), have %s name who issued its certificate, or start without --azurite"
                        .formatted(AUTHORITIES)
                : "Start it (npx azurite-blob), or start without --azurite";
    }

    /**
     * What is known of a blob there.
     *
     * @param etag without quotes
     */
    record Held(String etag, long size, BlobProperties properties) {}

    /** A blob with its bytes, which are read once. */
    record Opened(Held held, InputStream content) {}

    /** What must be there for a write to be done. */
    record Expected(String header, String value) {

        static final Expected NOTHING = new Expected("If-None-Match", "*");

        static Expected etag(String etag) {
            return new Expected("If-Match", "\"" + etag + "\"");
        }
    }

    private record Body(BodyPublisher bytes, long size) {
        static final Body NONE = new Body(BodyPublishers.noBody(), 0);
    }

    /** What a container was made with, if there is such a container. */
    Optional<Map<String, String>> container(String container) {
        return found(ask("HEAD", "/" + container, Map.of("restype", "container")))
                .map(AzuriteAccount::metadata);
    }

    /** Makes a container; one that is there stays as it is. */
    void createContainer(String container, Map<String, String> metadata) {
        HttpResponse<Void> answer = send(
                "PUT",
                "/" + container,
                Map.of("restype", "container"),
                headers(metadata),
                Body.NONE,
                BodyHandlers.discarding());
        if (answer.statusCode() != 409) {
            require(answer);
        }
    }

    /** Deletes a container with all that is in it; none there is no error. */
    void deleteContainer(String container) {
        found(ask("DELETE", "/" + container, Map.of("restype", "container")));
    }

    Set<String> containers() {
        Set<String> names = new TreeSet<>();
        String marker = "";
        do {
            BlobXml.Listed page = listed(require(read("/", query("comp", "list", "marker", marker))));
            names.addAll(page.etags().keySet());
            marker = page.next();
        } while (!marker.isEmpty());
        return names;
    }

    /** The ETags of the blobs whose names begin with {@code prefix}; none where there is no such container. */
    SortedMap<String, String> list(String container, String prefix) {
        SortedMap<String, String> etags = new TreeMap<>();
        String marker = "";
        do {
            Optional<HttpResponse<InputStream>> page = found(read(
                    "/" + container,
                    query("restype", "container", "comp", "list", "prefix", prefix, "marker", marker)));
            if (page.isEmpty()) {
                return etags;
            }
            BlobXml.Listed listed = listed(page.get());
            etags.putAll(listed.etags());
            marker = listed.next();
        } while (!marker.isEmpty());
        return etags;
    }

    Optional<Held> find(BlobAddress blob) {
        return found(ask("HEAD", path(blob), Map.of())).map(AzuriteAccount::held);
    }

    Optional<Opened> open(BlobAddress blob) {
        return found(read(path(blob), Map.of())).map(answer -> new Opened(held(answer), answer.body()));
    }

    /** Writes a whole blob, and says what its ETag is. */
    String put(BlobAddress blob, Path file, long size, BlobProperties properties, Optional<Expected> expected)
            throws IOException {
        Map<String, String> headers = described(properties);
        headers.putAll(headers(properties.metadata()));
        expected.ifPresent(what -> headers.put(what.header(), what.value()));
        headers.put("x-ms-blob-type", properties.isAppendBlob() ? BlobWrites.APPEND : "BlockBlob");
        Body body = properties.isAppendBlob() || size == 0 ? Body.NONE : new Body(BodyPublishers.ofFile(file), size);
        String etag = written(blob, Map.of(), headers, body);
        return properties.isAppendBlob() ? append(blob, file, 0, size, 0, etag) : etag;
    }

    /**
     * Adds a stretch of a file to an append blob.
     *
     * @param at where the blob ends before
     * @param etag the blob's before
     */
    String append(BlobAddress blob, Path file, long first, long end, long at, String etag) throws IOException {
        String now = etag;
        try (FileChannel content = FileChannel.open(file, StandardOpenOption.READ)) {
            for (long done = first; done < end; ) {
                ByteBuffer part = ByteBuffer.allocate((int) Math.min(APPENDED_AT_ONCE, end - done));
                while (part.hasRemaining() && content.read(part, done + part.position()) >= 0) {}
                byte[] bytes = new byte[part.flip().remaining()];
                part.get(bytes);
                if (bytes.length == 0) {
                    return now;
                }
                now = written(
                        blob,
                        Map.of("comp", "appendblock"),
                        Map.of("x-ms-blob-condition-appendpos", String.valueOf(at + done - first)),
                        new Body(BodyPublishers.ofByteArray(bytes), bytes.length));
                done += bytes.length;
            }
        }
        return now;
    }

    /** Says anew what a blob's headers and metadata are. */
    String describe(BlobAddress blob, BlobProperties properties) {
        written(blob, Map.of("comp", "properties"), described(properties), Body.NONE);
        return written(blob, Map.of("comp", "metadata"), headers(properties.metadata()), Body.NONE);
    }

    /** Deletes a blob; none there is no error. */
    void delete(BlobAddress blob) {
        found(ask("DELETE", path(blob), Map.of()));
    }

    private String written(BlobAddress blob, Map<String, String> query, Map<String, String> headers, Body body) {
        HttpResponse<Void> answer = send("PUT", path(blob), query, headers, body, BodyHandlers.discarding());
        if (answer.statusCode() == 404 && query.isEmpty()) {
            createContainer(blob.container(), Map.of());
            answer = send("PUT", path(blob), query, headers, body, BodyHandlers.discarding());
        }
        return etag(require(answer));
    }

    private HttpResponse<Void> ask(String method, String path, Map<String, String> query) {
        return send(method, path, query, Map.of(), Body.NONE, BodyHandlers.discarding());
    }

    private HttpResponse<InputStream> read(String path, Map<String, String> query) {
        return send("GET", path, query, Map.of(), Body.NONE, BodyHandlers.ofInputStream());
    }

    private <T> HttpResponse<T> send(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            Body body,
            HttpResponse.BodyHandler<T> handler) {
        try {
            return sendOnce(method, path, query, headers, body, handler);
        } catch (IOException e) {
            // Node closes connections that were silent for 5 s, perhaps just now; all that is sent may be sent twice.
            try {
                return sendOnce(method, path, query, headers, body, handler);
            } catch (IOException again) {
                throw away("does not answer (%s)".formatted(again), again);
            }
        }
    }

    private <T> HttpResponse<T> sendOnce(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            Body body,
            HttpResponse.BodyHandler<T> handler)
            throws IOException {
        SortedMap<String, String> signed = new TreeMap<>(AS_SIGNED);
        headers.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value));
        signed.put("x-ms-date", BlobReads.httpDate(time.instant()));
        signed.put("x-ms-version", VERSION);
        StringBuilder url = new StringBuilder(address.blobs() + path);
        query.forEach((name, value) -> url.append(url.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(Percent.encode(value)));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url.toString()))
                .timeout(PATIENCE.plusSeconds(body.size() / SLOWEST_BYTES_PER_SECOND))
                .method(method, body.bytes());
        signed.forEach(request::header);
        request.header(
                "Authorization",
                "SharedKey " + address.account() + ":"
                        + StorageAccount.sign(
                                address.key(),
                                stringToSign(method, address.blobs().getRawPath() + path, query, signed, body.size())));
        try {
            return http.send(request.build(), handler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away("was not waited for", e);
        }
    }

    private String stringToSign(
            String method, String path, Map<String, String> query, SortedMap<String, String> headers, long size) {
        StringBuilder text = new StringBuilder(method + "\n\n\n" + (size == 0 ? "" : size) + "\n\n\n\n\n");
        text.append(headers.getOrDefault("if-match", "")).append('\n');
        text.append(headers.getOrDefault("if-none-match", "")).append("\n\n\n");
        headers.forEach((name, value) -> {
            if (name.startsWith("x-ms-")) {
                text.append(name).append(':').append(value.strip()).append('\n');
            }
        });
        text.append('/').append(address.account()).append(path);
        new TreeMap<>(query)
                .forEach((name, value) ->
                        text.append('\n').append(name).append(':').append(value));
        return text.toString();
    }

    private <T> Optional<HttpResponse<T>> found(HttpResponse<T> answer) {
        if (answer.statusCode() == 404) {
            drop(answer);
            return Optional.empty();
        }
        return Optional.of(require(answer));
    }

    /** Its connection is free for the next request only then. */
    private static void drop(HttpResponse<?> answer) {
        if (answer.body() instanceof InputStream body) {
            try (body) {
                body.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // It is not needed any more.
                return;
            }
        }
    }

    /** Another's write between our look and our write is seen here: the client tries again, and all is judged anew. */
    private <T> HttpResponse<T> require(HttpResponse<T> answer) {
        if (answer.statusCode() / 100 == 2) {
            return answer;
        }
        drop(answer);
        throw away(
                "answers %d %s"
                        .formatted(
                                answer.statusCode(),
                                answer.headers().firstValue("x-ms-error-code").orElse("")),
                null);
    }

    private AzureException away(String what, @Nullable Throwable cause) {
        AzureException busy = new AzureException(new AzureError(
                503, "ServerBusy", "The Azurite at %s, which keeps the blobs, %s.".formatted(address, what.strip())));
        if (cause != null) {
            busy.addSuppressed(cause);
        }
        return busy;
    }

    private static Map<String, String> query(String... namesAndValues) {
        Map<String, String> query = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!namesAndValues[i + 1].isEmpty()) {
                query.put(namesAndValues[i], namesAndValues[i + 1]);
            }
        }
        return query;
    }

    private static Map<String, String> headers(Map<String, String> metadata) {
        Map<String, String> headers = new LinkedHashMap<>();
        metadata.forEach((name, value) -> headers.put(METADATA + name, value));
        return headers;
    }

    private static Map<String, String> described(BlobProperties properties) {
        Map<String, String> headers = new LinkedHashMap<>();
        properties.headers().forEach((name, value) -> headers.put("x-ms-blob-" + name, value));
        return headers;
    }

    private static Held held(HttpResponse<?> answer) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : BlobProperties.NAMES.keySet()) {
            answer.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
        }
        BlobProperties properties = new BlobProperties(headers, metadata(answer));
        boolean append = answer.headers()
                .firstValue("x-ms-blob-type")
                .filter(BlobWrites.APPEND::equals)
                .isPresent();
        return new Held(
                etag(answer),
                answer.headers().firstValueAsLong("Content-Length").orElse(0),
                append ? properties.with(Fact.TYPE, BlobWrites.APPEND) : properties);
    }

    private static Map<String, String> metadata(HttpResponse<?> answer) {
        Map<String, String> metadata = new LinkedHashMap<>();
        answer.headers().map().forEach((name, values) -> {
            if (name.toLowerCase(Locale.ROOT).startsWith(METADATA)) {
                metadata.put(name.substring(METADATA.length()), values.getFirst());
            }
        });
        return metadata;
    }

    private static String etag(HttpResponse<?> answer) {
        return answer.headers().firstValue("ETag").orElse("").replace("\"", "");
    }

    private BlobXml.Listed listed(HttpResponse<InputStream> answer) {
        try (InputStream body = answer.body()) {
            return BlobXml.listed(body);
        } catch (IOException e) {
            throw away("was cut off", e);
        }
    }

    private static String path(BlobAddress blob) {
        return "/" + blob.container() + "/" + Percent.encodePath(blob.name());
    }
}
