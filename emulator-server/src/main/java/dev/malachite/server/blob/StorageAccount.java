package dev.malachite.server.blob;

import dev.malachite.server.Settings;
import dev.malachite.server.datastore.AccountKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/** The one storage account that all workspaces share, and the key that signs for it. */
@Component
public class StorageAccount implements AccountKey {

    /** The account's name: first label of its host name, first segment of path-style URLs. */
    public static final String NAME = "malachite";

    /** As long as Azure's own account keys. */
    private static final int KEY_BYTES = 64;

    private final byte[] key;

    StorageAccount(Settings settings, DataFolder data) {
        try {
            this.key = settings.inMemory() ? random() : kept(data.root().resolve("account.key"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The account key as clients are given it. */
    @Override
    public String base64() {
        return Base64.getEncoder().encodeToString(key);
    }

    /** Azure Storage's signature of a text: HMAC-SHA256 with the account key, in Base64. */
    String sign(String text) {
        return sign(key, text);
    }

    /** The same with another key, in Base64. */
    static String sign(String key, String text) {
        return sign(Base64.getDecoder().decode(key), text);
    }

    /**
     * A key that signs for one container alone, as long as the account's own: the v2 SDK signs by itself what it reads of a
     * job's log, also where it should not have the account's key.
     */
    String keyOf(String container) {
        return sign("HmacSHA512", key, "container\n" + container);
    }

    private static String sign(byte[] key, String text) {
        return sign("HmacSHA256", key, text);
    }

    private static String sign(String algorithm, byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    private static byte[] kept(Path file) throws IOException {
        if (Files.exists(file)) {
            byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
            if (key.length == KEY_BYTES) {
                return key;
            }
            throw new IOException(file + " does not hold an account key; remove it to get a new one");
        }
        byte[] key = random();
        Path beside = file.resolveSibling("account.key.new");
        Files.deleteIfExists(beside);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(
                    beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(beside);
        }
        Files.writeString(beside, Base64.getEncoder().encodeToString(key) + "\n");
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        return key;
    }

    private static byte[] random() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }
}
