package dev.malachite.server.blob;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Makes service SAS for a blob or a container, and checks these and those for the account, signed with the account key
 * or with one that was handed to the holder of a token. Those that clients sign themselves pass as ours do.
 */
@Component
class SharedAccess {

    /** The newest version whose string to sign we write. */
    private static final String VERSION = "2021-08-06";

    /** In Azure the name of a stored access policy: ours says that the holder may overwrite whatever it claims. */
    private static final String OVERWRITE = "overwrite";

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private final StorageAccount account;
    private final DelegatedKeys delegated;

    /** Real time: clients judge expiry by their own clock, whatever the emulator's says. */
    private final InstantSource time = InstantSource.system();

    SharedAccess(StorageAccount account, DelegatedKeys delegated) {
        this.account = account;
        this.delegated = delegated;
    }

    /** A query string that grants {@code permissions} on one blob. */
    String forBlob(BlobAddress address, String permissions, Duration validity) {
        boolean writes = permissions.indexOf('w') >= 0;
        return grant("b", resource(address.container(), Optional.of(address.name())), permissions, writes, validity);
    }

    /** A query string that grants {@code permissions} on all blobs of a container. */
    String forContainer(String container, String permissions, Duration validity) {
        return grant("c", resource(container, Optional.empty()), permissions, false, validity);
    }

    private String grant(String kind, String resource, String permissions, boolean overwrites, Duration validity) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("sv", VERSION);
        fields.put(
                "se",
                time.instant().plus(validity).truncatedTo(ChronoUnit.SECONDS).toString());
        fields.put("sr", kind);
        fields.put("sp", permissions);
        if (overwrites) {
            fields.put("si", OVERWRITE);
        }
        String plain = query(fields);
        fields.put("sig", account.sign(SasText.ofResource(Query.of(plain), resource)));
        return query(fields);
    }

    private static String query(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + Percent.encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    /**
     * A request whose signature holds, and what it grants.
     *
     * @param request with the blob that is meant
     */
    record Admitted(BlobRequest request, BlobAccess access) {}

    /** What the request's SAS grants; ends the request when it is not one of this account for this resource and time. */
    Admitted check(BlobRequest request) {
        Query query = request.query();
        if (query.text("sv").compareTo("2018-11-09") < 0) {
            throw BlobException.authenticationFailed("The signed version is not supported.");
        }
        BlobRequest meant = Stream.of(request, request.decodedTwice())
                .filter(this::isSigned)
                .findFirst()
                .orElseThrow(() -> BlobException.authenticationFailed("Signature did not match."));
        Instant now = time.instant();
        boolean started = query.get("st")
                .map(SharedAccess::time)
                .map(start -> !now.isBefore(start))
                .orElse(true);
        boolean ended = query.get("se")
                .map(SharedAccess::time)
                .map(end -> !now.isBefore(end))
                .orElse(true);
        if (!started || ended) {
            throw BlobException.authenticationFailed(
                    "Signature not valid in the specified time frame: Start [%s] - Expiry [%s] - Current [%s]."
                            .formatted(query.text("st"), query.text("se"), now));
        }
        if (query.has("spr", "https") && !request.http().isSecure()) {
            throw BlobException.protocolMismatch();
        }
        query.get("sip").ifPresent(range -> requireSource(range, request.http().getRemoteAddr()));
        String policy = query.text("si");
        if (!policy.isEmpty() && !policy.equals(OVERWRITE)) {
            throw BlobException.authenticationFailed("The stored access policy does not exist.");
        }
        return new Admitted(
                meant,
                isOfAccount(query)
                        ? new BlobAccess.SharedAccount(query.text("sp"), query.text("srt"))
                        : new BlobAccess.Shared(query.text("sp"), policy.equals(OVERWRITE)));
    }

    private static boolean isOfAccount(Query query) {
        return query.get("srt").isPresent();
    }

    /** See {@link StorageAccount#keyOf}. */
    String keyOf(String container) {
        return account.keyOf(container);
    }

    private boolean isSigned(BlobRequest request) {
        Query query = request.query();
        if (isOfAccount(query)) {
            return query.text("ss").matches(".*[bf].*") && equal(account.sign(SasText.ofAccount(query)), query);
        }
        String kind = query.text("sr");
        if (request.container().isEmpty() || (kind.equals("b") ? request.blob().isEmpty() : !kind.equals("c"))) {
            return false;
        }
        String container = request.container().get();
        String resource = resource(container, kind.equals("b") ? request.blob() : Optional.empty());
        if (query.get("skoid").isPresent()) {
            return equal(delegated.sign(query, SasText.ofDelegate(query, resource)), query);
        }
        String text = SasText.ofResource(query, resource);
        return equal(account.sign(text), query) || equal(StorageAccount.sign(account.keyOf(container), text), query);
    }

    private static boolean equal(String expected, Query query) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), query.text("sig").getBytes(StandardCharsets.UTF_8));
    }

    private static String resource(String container, Optional<String> blob) {
        return "/blob/" + StorageAccount.NAME + "/" + container
                + blob.map(name -> "/" + name).orElse("");
    }

    private static Instant time(String text) {
        try {
            return DATE.matcher(text).matches()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw BlobException.authenticationFailed("'%s' is not a time.".formatted(text));
        }
    }

    /** IPv4 only, as Azure's rule is. */
    private static void requireSource(String range, String address) {
        try {
            String[] ends = range.split("-", 2);
            long source = number(address);
            if (source < number(ends[0]) || source > number(ends[ends.length - 1])) {
                throw BlobException.sourceMismatch();
            }
        } catch (NumberFormatException e) {
            throw BlobException.sourceMismatch();
        }
    }

    private static long number(String address) {
        long number = 0;
        for (String part : address.strip().split("\\.", -1)) {
            number = (number << 8) | Integer.parseInt(part);
        }
        return number;
    }
}
