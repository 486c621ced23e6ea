package dev.malachite.server.blob;

import dev.malachite.server.identity.CallerIdentity;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Keys with which the holder of a token signs for a while. None is kept: the account key makes each again from what a
 * signature says of it. Source: Microsoft's "Get User Delegation Key".
 */
@Component
class DelegatedKeys {

    /** Azure's limit. */
    private static final Duration LONGEST = Duration.ofDays(7);

    private final StorageAccount account;

    /** Real time, as of every signature. */
    private final InstantSource time = InstantSource.system();

    DelegatedKeys(StorageAccount account) {
        this.account = account;
    }

    /** The answer's elements in order, for a key that is good from {@code start} to {@code expiry}. */
    Map<String, String> issue(CallerIdentity caller, String start, String expiry, String version) {
        Instant from = start.isEmpty() ? time.instant().truncatedTo(ChronoUnit.SECONDS) : parse(start);
        Instant until = parse(expiry);
        if (!until.isAfter(from) || Duration.between(time.instant(), until).compareTo(LONGEST) > 0) {
            throw BlobException.invalidXmlValue("Expiry");
        }
        Map<String, String> key = new LinkedHashMap<>();
        key.put("SignedOid", caller.oid());
        key.put("SignedTid", caller.tenant());
        key.put("SignedStart", from.toString());
        key.put("SignedExpiry", until.toString());
        key.put("SignedService", "b");
        key.put("SignedVersion", version);
        key.put("Value", account.sign(String.join("\n", key.values())));
        return key;
    }

    /** Signs with the key that the fields of a SAS name; ends the request when it is not good any more. */
    String sign(Query query, String text) {
        Instant now = time.instant();
        if (now.isBefore(parse(query.text("skt"))) || !now.isBefore(parse(query.text("ske")))) {
            throw BlobException.authenticationFailed("The user delegation key is not valid at this time.");
        }
        return StorageAccount.sign(account.sign(SasText.ofKey(query)), text);
    }

    private static Instant parse(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw BlobException.invalidXmlValue("Start or Expiry");
        }
    }
}
