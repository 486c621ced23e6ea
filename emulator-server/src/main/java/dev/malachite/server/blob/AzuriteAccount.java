package dev.malachite.server.blob;

import dev.malachite.server.AzuriteAddress;
import dev.malachite.server.blob.AzuriteConnection.Body;
import dev.malachite.server.blob.BlobProperties.Fact;
import dev.malachite.server.start.UserError;
import dev.malachite.server.tls.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The containers and blobs of an account that a running Azurite has. Source: Microsoft's "Blob service REST API". */
final class AzuriteAccount {

    private static final String METADATA = "x-ms-meta-";

    /** What each version of the service takes at once. */
    private static final int APPENDED_AT_ONCE = 4 * 1024 * 1024;

    private final AzuriteConnection azurite;

    private AzuriteAccount(AzuriteConnection azurite) {
        this.azurite = azurite;
    }

    /**
     * The one that the start asks for; none where it asks for none.
     *
     * @throws UserError when who issued its certificate is named and cannot be read
     */
    static Optional<AzuriteAccount> of(String setting, Certificates certificates) {
        return setting.isBlank()
                ? Optional.empty()
                : Optional.of(new AzuriteAccount(new AzuriteConnection(AzuriteAddress.parse(setting), certificates)));
    }

    /** What helps where it does not answer. */
    String help() {
        return azurite.help();
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

    /** What a container was made with, if there is such a container. */
    Optional<Map<String, String>> container(String container) {
        return azurite.found(ask("HEAD", "/" + container, Map.of("restype", "container")))
                .map(AzuriteAccount::metadata);
    }

    /** Makes a container; one that is there stays as it is. */
    void createContainer(String container, Map<String, String> metadata) {
        HttpResponse<Void> answer = azurite.send(
                "PUT",
                "/" + container,
                Map.of("restype", "container"),
                headers(metadata),
                Body.NONE,
                BodyHandlers.discarding());
        if (answer.statusCode() != 409) {
            azurite.require(answer);
        }
    }

    /** Deletes a container with all that is in it; none there is no error. */
    void deleteContainer(String container) {
        azurite.found(ask("DELETE", "/" + container, Map.of("restype", "container")));
    }

    Set<String> containers() {
        Set<String> names = new TreeSet<>();
        String marker = "";
        do {
            BlobXml.Listed page = listed(azurite.require(read("/", query("comp", "list", "marker", marker))));
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
            Optional<HttpResponse<InputStream>> page = azurite.found(read(
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
        return azurite.found(ask("HEAD", path(blob), Map.of())).map(AzuriteAccount::held);
    }

    Optional<Opened> open(BlobAddress blob) {
        return azurite.found(read(path(blob), Map.of())).map(answer -> new Opened(held(answer), answer.body()));
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
        azurite.found(ask("DELETE", path(blob), Map.of()));
    }

    private String written(BlobAddress blob, Map<String, String> query, Map<String, String> headers, Body body) {
        HttpResponse<Void> answer = azurite.send("PUT", path(blob), query, headers, body, BodyHandlers.discarding());
        if (answer.statusCode() == 404 && query.isEmpty()) {
            createContainer(blob.container(), Map.of());
            answer = azurite.send("PUT", path(blob), query, headers, body, BodyHandlers.discarding());
        }
        return etag(azurite.require(answer));
    }

    private HttpResponse<Void> ask(String method, String path, Map<String, String> query) {
        return azurite.send(method, path, query, Map.of(), Body.NONE, BodyHandlers.discarding());
    }

    private HttpResponse<InputStream> read(String path, Map<String, String> query) {
        return azurite.send("GET", path, query, Map.of(), Body.NONE, BodyHandlers.ofInputStream());
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
            throw azurite.away("was cut off", e);
        }
    }

    private static String path(BlobAddress blob) {
        return "/" + blob.container() + "/" + Percent.encodePath(blob.name());
    }
}
