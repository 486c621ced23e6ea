package dev.malachite.server.snapshot;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Names the folders in which code versions of the v2 SDK are kept. */
final class CodeKeys {

    private CodeKeys() {}

    /** A file name that only this code version has; names are compared without case. */
    static String key(String name, String version) {
        return "code-" + sha256(name.toLowerCase(Locale.ROOT) + "/" + version.toLowerCase(Locale.ROOT));
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
