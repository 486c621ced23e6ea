package dev.malachite.server.machine;

import dev.malachite.server.machine.Machines.Person;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Says who a browser is that signed in to an instance, in a text that only we can have made. It is good for that instance,
 * for an hour from its last renewal, and until the emulator is started anew. Real time, as all tokens.
 */
final class Visits {

    static final Duration LIFE = Duration.ofHours(1);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int PARTS = 5;

    private final SecretKeySpec key;
    private final InstantSource time;

    Visits(InstantSource time) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, ALGORITHM);
        this.time = time;
    }

    /** @param stale whether half of its life is over */
    record Visit(Person person, boolean stale) {}

    String issue(String prefix, Person person) {
        String text = String.join(
                ".",
                encoded(prefix),
                encoded(person.objectId()),
                encoded(person.name()),
                Long.toString(time.instant().plus(LIFE).getEpochSecond()));
        return text + "." + signature(text);
    }

    Optional<Visit> read(String prefix, String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        String signed = text.substring(0, text.lastIndexOf('.'));
        if (!MessageDigest.isEqual(
                        signature(signed).getBytes(StandardCharsets.US_ASCII),
                        parts[4].getBytes(StandardCharsets.UTF_8))
                || !parts[0].equals(encoded(prefix))) {
            return Optional.empty();
        }
        Instant expires = Instant.ofEpochSecond(Long.parseLong(parts[3]));
        Instant now = time.instant();
        return expires.isAfter(now)
                ? Optional.of(new Visit(
                        new Person(decoded(parts[1]), decoded(parts[2])),
                        Duration.between(now, expires).compareTo(LIFE.dividedBy(2)) < 0))
                : Optional.empty();
    }

    private String signature(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
