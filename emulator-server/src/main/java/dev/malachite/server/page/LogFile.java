package dev.malachite.server.page;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;

/** A log that somebody else appends to, read in pieces. The next attempt of a job begins a new file under this name. */
final class LogFile {

    private static final byte[] NOTHING = {};

    private final Path path;

    LogFile(Path path) {
        this.path = path;
    }

    /**
     * The file as it is now.
     *
     * @param key tells it from another file that bore or will bear its name
     */
    record Look(String key, long length) {}

    /** What a file that is not there yet looks like. */
    static final Look ABSENT = new Look("none", 0);

    Look look() throws IOException {
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            // Where files have no key (Windows), they have a reliable time of birth.
            Object key = Objects.requireNonNullElse(file.fileKey(), file.creationTime());
            return new Look(Integer.toHexString(key.toString().hashCode()), file.size());
        } catch (NoSuchFileException e) {
            return ABSENT;
        }
    }

    /** At most {@code most} bytes from {@code from} on; none where there are none. */
    byte[] read(long from, int most) throws IOException {
        if (!Files.exists(path)) {
            return NOTHING;
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(from);
            byte[] bytes = new byte[Math.clamp(file.length() - from, 0, most)];
            int read = bytes.length == 0 ? 0 : file.read(bytes);
            return read == bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(0, read));
        } catch (FileNotFoundException e) {
            return NOTHING;
        }
    }

    /** Where the first whole line after {@code from} begins; {@code from} itself when no line ends soon. */
    long nextLine(long from, int within) throws IOException {
        byte[] bytes = read(from, within);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return from + i + 1;
            }
        }
        return from;
    }

    /** How many of the bytes are whole characters of UTF-8; a character cut in two waits for its rest. */
    static int whole(byte[] bytes) {
        for (int back = 1; back <= Math.min(3, bytes.length); back++) {
            int at = bytes.length - back;
            int value = bytes[at] & 0xFF;
            if (value < 0x80) {
                return bytes.length;
            }
            if (value >= 0xC0) {
                int length = value >= 0xF0 ? 4 : value >= 0xE0 ? 3 : 2;
                return length > back ? at : bytes.length;
            }
        }
        return bytes.length;
    }

    static String text(byte[] bytes, int count) {
        return new String(bytes, 0, count, StandardCharsets.UTF_8);
    }
}
