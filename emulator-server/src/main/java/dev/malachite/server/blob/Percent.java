package dev.malachite.server.blob;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Percent-encoding as RFC 3986 has it: a plus sign is a plus sign. */
final class Percent {

    private static final String PLAIN = "-._~";

    private Percent() {}

    /** @throws BlobException when it is not percent-encoded UTF-8 */
    static String decode(String raw) {
        byte[] in = raw.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(in.length);
        try {
            for (int i = 0; i < in.length; i++) {
                if (in[i] == '%') {
                    if (i + 2 >= in.length) {
                        throw BlobException.invalidUri();
                    }
                    out.put((byte) ((HexFormat.fromHexDigit(in[i + 1]) << 4) | HexFormat.fromHexDigit(in[i + 2])));
                    i += 2;
                } else {
                    out.put(in[i]);
                }
            }
            return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
        } catch (NumberFormatException | CharacterCodingException e) {
            throw BlobException.invalidUri();
        }
    }

    /** Encodes all but letters, digits, {@code -._~} and slashes. */
    static String encodePath(String path) {
        return encode(path, "/");
    }

    static String encode(String text) {
        return encode(text, "");
    }

    private static String encode(String text, String keep) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 128 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0 || keep.indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }
}
