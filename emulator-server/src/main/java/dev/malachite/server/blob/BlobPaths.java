package dev.malachite.server.blob;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Turns blob names into paths that cannot leave their container's folder, and back.
 *
 * <p>Each segment is a folder that ends in {@code +}, the last a file that ends in {@code =}: so {@code a} and
 * {@code a/b} exist side by side, and {@code ..}, empty segments and trailing dots mean nothing to the file system.
 * Capitals become {@code !} and the small letter, because some file systems do not tell them apart; whatever else is not
 * plain becomes {@code %} and its bytes. What grows too long that way is filed by its hash, its name beside it.
 */
final class BlobPaths {

    /** Folder of what is filed by hash; no encoded name begins with it. */
    static final String HASHED = "#";

    /** File systems end at 255 bytes a segment and 4096 a path. */
    private static final int MAX_SEGMENT = 200;

    private static final int MAX_PATH = 1200;

    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789._-";

    private static final HexFormat HEX = HexFormat.of();

    private BlobPaths() {}

    static String encode(String name) {
        String encoded = folders(name) + encodeSegment(name.substring(name.lastIndexOf('/') + 1)) + "=";
        if (encoded.length() > MAX_PATH || tooLong(encoded)) {
            return HASHED + "/" + sha256(name) + "=";
        }
        return encoded;
    }

    /** The folder that holds every blob whose name begins with {@code prefix}, hashed ones apart; empty for the root. */
    static Optional<String> folderOf(String prefix) {
        String folders = folders(prefix);
        return folders.isEmpty() || folders.length() > MAX_PATH || tooLong(folders)
                ? Optional.empty()
                : Optional.of(folders.substring(0, folders.length() - 1));
    }

    /** The name that {@link #encode} made this path from; empty when only its sidecar knows. */
    static Optional<String> decode(Path relative) {
        if (isHashed(relative)) {
            return Optional.empty();
        }
        StringBuilder name = new StringBuilder();
        for (Path part : relative) {
            String text = part.toString();
            name.append(decodeSegment(text.substring(0, text.length() - 1)));
            if (text.endsWith("+")) {
                name.append('/');
            }
        }
        return Optional.of(name.toString());
    }

    static boolean isHashed(Path relative) {
        return relative.getName(0).toString().equals(HASHED);
    }

    static String sha256(String text) {
        try {
            return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The encoded folders of all segments but the last. */
    private static String folders(String name) {
        StringBuilder path = new StringBuilder();
        int start = 0;
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', start)) {
            path.append(encodeSegment(name.substring(start, slash))).append("+/");
            start = slash + 1;
        }
        return path.toString();
    }

    private static boolean tooLong(String encoded) {
        return List.of(encoded.split("/", -1)).stream().anyMatch(segment -> segment.length() > MAX_SEGMENT);
    }

    private static String encodeSegment(String segment) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (PLAIN.indexOf(c) >= 0) {
                encoded.append(c);
            } else if (c >= 'A' && c <= 'Z') {
                encoded.append('!').append((char) (c - 'A' + 'a'));
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private static String decodeSegment(String segment) {
        byte[] bytes = new byte[segment.length()];
        int length = 0;
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '!') {
                bytes[length++] = (byte) (segment.charAt(++i) - 'a' + 'A');
            } else if (c == '%') {
                bytes[length++] = (byte) HexFormat.fromHexDigits(segment, i + 1, i + 3);
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
