package dev.malachite.server.blob;

import dev.malachite.api.AzureError;
import dev.malachite.server.AzuriteAddress;
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
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Signed requests to a running Azurite, and what its answers mean. Source: Microsoft's "Authorize with Shared Key". */
final class AzuriteConnection {

    private static final String VERSION = "2021-12-02";

    private static final String AUTHORITIES = "NODE_EXTRA_CA_CERTS";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long SLOWEST_BYTES_PER_SECOND = 1024 * 1024;

    /** As Azurite sorts headers: by language, where a low line comes before all digits. */
    private static final Comparator<String> AS_SIGNED =
            Comparator.comparing((String name) -> name.replace('_', ' ')).thenComparing(Comparator.naturalOrder());

    private final AzuriteAddress address;

    /** Real time, because Azurite judges a request's date by its own clock. */
    private final InstantSource time = InstantSource.system();

    private final HttpClient http;

    /** @throws UserError when who issued its certificate is named and cannot be read */
    AzuriteConnection(AzuriteAddress address, Certificates certificates) {
        this.address = address;
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(Duration.ofSeconds(5));
        if (address.isSecure()) {
            client.sslContext(trust(certificates));
        }
        this.http = client.build();
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
     * What a request brings.
     *
     * @param size in bytes
     */
    record Body(BodyPublisher bytes, long size) {
        static final Body NONE = new Body(BodyPublishers.noBody(), 0);
    }

    /**
     * The answer, whatever it says.
     *
     * @param path of the account, encoded
     * @param query names, and values that are not encoded
     * @throws AzureException when there is none
     */
    <T> HttpResponse<T> send(
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

    /**
     * The answer, unless it says that there is no such thing.
     *
     * @throws AzureException when it says anything else but success
     */
    <T> Optional<HttpResponse<T>> found(HttpResponse<T> answer) {
        if (answer.statusCode() == 404) {
            drop(answer);
            return Optional.empty();
        }
        return Optional.of(require(answer));
    }

    /**
     * Another's write between our look and our write is seen here: the client tries again, and all is judged anew.
     *
     * @throws AzureException when the answer says anything but success
     */
    <T> HttpResponse<T> require(HttpResponse<T> answer) {
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

    /** What a client is told when there is no good answer. */
    AzureException away(String what, @Nullable Throwable cause) {
        AzureException busy = new AzureException(new AzureError(
                503, "ServerBusy", "The Azurite at %s, which keeps the blobs, %s.".formatted(address, what.strip())));
        if (cause != null) {
            busy.addSuppressed(cause);
        }
        return busy;
    }
}
