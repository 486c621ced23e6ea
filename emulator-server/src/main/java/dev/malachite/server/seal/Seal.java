package dev.malachite.server.seal;

import dev.malachite.server.Settings;
import dev.malachite.server.tls.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/** Seals secrets before they are kept, so that no copy of the database gives them away; the key lies beside it, in a file of its own. */
@Component
public class Seal {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;

    Seal(Settings settings) {
        Path file = settings.data().resolve("tls").resolve("secrets.key");
        try {
            byte[] bytes;
            if (Files.exists(file)) {
                bytes = Base64.getDecoder()
                        .decode(Files.readString(file, StandardCharsets.UTF_8).strip());
            } else {
                bytes = new byte[KEY_BYTES];
                random.nextBytes(bytes);
                PrivateFiles.writeSecret(file, Base64.getEncoder().encodeToString(bytes));
            }
            key = new SecretKeySpec(bytes, "AES");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Closes a text.
     *
     * @param place what it belongs to; it can be opened for that alone
     */
    public String close(String text, String place) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] closed = run(Cipher.ENCRYPT_MODE, nonce, text.getBytes(StandardCharsets.UTF_8), place);
        Base64.Encoder encoder = Base64.getEncoder();
        return encoder.encodeToString(nonce) + "." + encoder.encodeToString(closed);
    }

    /** Opens what was closed for the same place. */
    public String open(String closed, String place) {
        int dot = closed.indexOf('.');
        Base64.Decoder decoder = Base64.getDecoder();
        byte[] nonce = decoder.decode(closed.substring(0, dot));
        return new String(
                run(Cipher.DECRYPT_MODE, nonce, decoder.decode(closed.substring(dot + 1)), place),
                StandardCharsets.UTF_8);
    }

    private byte[] run(int mode, byte[] nonce, byte[] bytes, String place) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a secret cannot be read with the key in tls/secrets.key", e);
        }
    }
}
