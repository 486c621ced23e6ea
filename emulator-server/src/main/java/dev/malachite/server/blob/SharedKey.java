package dev.malachite.server.blob;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Checks requests that are signed with the account key. Source: Microsoft's "Authorize with Shared Key", the order of
 * headers as azure-storage-blob sorts them.
 */
@Component
class SharedKey {

    private static final List<String> SIGNED_HEADERS = List.of(
            "Content-Encoding",
            "Content-Language",
            "Content-Length",
            "Content-MD5",
            "Content-Type",
            "Date",
            "If-Modified-Since",
            "If-Match",
            "If-None-Match",
            "If-Unmodified-Since",
            "Range");

    /** What the holder of a container's key may do with its blobs. */
    private static final String EVERYTHING = "racwdl";

    /** Azure's tolerance for a request's own time. */
    private static final Duration SKEW = Duration.ofMinutes(15);

    /** Older clients sort by characters, newer ones as Windows does: hyphens count for nothing, signs before digits. */
    private static final List<Comparator<String>> ORDERS = List.of(
            Comparator.naturalOrder(),
            Comparator.comparing((String name) -> name.replace("-", "").replace('_', ' '))
                    .thenComparing(Comparator.naturalOrder()));

    private final StorageAccount account;

    /** Real time, because the client dates its request by its own clock. */
    private final InstantSource time = InstantSource.system();

    SharedKey(StorageAccount account) {
        this.account = account;
    }

    /** Ends the request unless it is signed with the account key or with its container's, and lately. */
    BlobAccess check(BlobRequest request) {
        String given = request.header("Authorization").orElse("");
        requireRecent(
                request.header("x-ms-date").or(() -> request.header("Date")).orElse(""));
        if (isSigned(request, given, account::sign)) {
            return new BlobAccess.AccountKey();
        }
        Optional<String> ofContainer = request.container().map(account::keyOf);
        if (ofContainer.isPresent() && isSigned(request, given, text -> StorageAccount.sign(ofContainer.get(), text))) {
            return new BlobAccess.Shared(EVERYTHING, false);
        }
        throw BlobException.authenticationFailed("Signature did not match.");
    }

    private static boolean isSigned(BlobRequest request, String given, UnaryOperator<String> signature) {
        return ORDERS.stream()
                .map(order -> "SharedKey " + StorageAccount.NAME + ":" + signature.apply(stringToSign(request, order)))
                .anyMatch(expected -> MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8)));
    }

    private void requireRecent(String date) {
        try {
            Instant dated = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
            if (Duration.between(dated, time.instant()).abs().compareTo(SKEW) <= 0) {
                return;
            }
        } catch (DateTimeException e) {
            throw BlobException.authenticationFailed("The request has no date.");
        }
        throw BlobException.authenticationFailed("Request date header too old: '%s'.".formatted(date));
    }

    private static String stringToSign(BlobRequest request, Comparator<String> order) {
        String headers =
                SIGNED_HEADERS.stream().map(name -> signedValue(request, name)).collect(Collectors.joining("\n"));
        return request.method() + "\n" + headers + "\n" + azureHeaders(request, order) + "/" + StorageAccount.NAME
                + request.http().getRequestURI() + request.query().canonical();
    }

    private static String signedValue(BlobRequest request, String name) {
        String value = Objects.requireNonNullElse(request.http().getHeader(name), "");
        boolean left = (name.equals("Content-Length") && value.equals("0"))
                || (name.equals("Date") && request.header("x-ms-date").isPresent());
        return left ? "" : value;
    }

    private static String azureHeaders(BlobRequest request, Comparator<String> order) {
        Stream<String> names = Collections.list(request.http().getHeaderNames()).stream();
        return names.map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith("x-ms-"))
                .distinct()
                .sorted(order)
                .map(name -> name + ":" + request.http().getHeader(name).strip() + "\n")
                .collect(Collectors.joining());
    }
}
