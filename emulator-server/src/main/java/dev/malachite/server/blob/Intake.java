package dev.malachite.server.blob;

import dev.malachite.server.disk.DiskSpace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Takes bytes from the wire into a file beside the store, so that a blob is there whole or not at all. */
final class Intake {

    /** Larger than any training artifact seen; smaller than a disk. */
    static final long MAX_BLOB = 5L * 1024 * 1024 * 1024;

    /** What is left free on the disk for the database and the logs. */
    private static final long RESERVE = 128L * 1024 * 1024;

    private static final int CHUNK = 64 * 1024;
    private static final long LOOK_EVERY = 64L * 1024 * 1024;

    private final Path folder;
    private final DiskSpace disk;

    Intake(Path folder, DiskSpace disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /**
     * Bytes that arrived whole.
     *
     * @param md5 of the bytes, in Base64, where somebody wanted it
     */
    record Taken(Path file, long size, Optional<String> md5) {

        void drop() throws IOException {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Copies all of {@code content} into a new file.
     *
     * @param declared its length where the sender gave one, else -1
     * @param expectedMd5 what the sender says its MD5 is
     * @param summed whether the MD5 is wanted though nobody gave one: it costs as much as all the rest
     * @throws BlobException when it is too large, cut off, or not what was announced; nothing is left then
     */
    Taken take(InputStream content, long declared, Optional<String> expectedMd5, boolean summed) throws IOException {
        requireFits(Math.max(declared, 0));
        return keepWhole(file -> {
            Taken taken = copy(content, file, summed || expectedMd5.isPresent());
            if (declared >= 0 && taken.size() != declared) {
                throw BlobException.incompleteBody();
            }
            if (expectedMd5.isPresent() && !expectedMd5.equals(taken.md5())) {
                throw BlobException.md5Mismatch();
            }
            return taken;
        });
    }

    /** A stretch of a file. */
    record Part(Path file, long offset, long length) {}

    /** Puts the parts together in a new file; the kernel copies them. */
    Taken join(List<Part> parts) throws IOException {
        requireFits(parts.stream().mapToLong(Part::length).sum());
        return keepWhole(file -> {
            long size = 0;
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
                for (Part part : parts) {
                    try (FileChannel in = FileChannel.open(part.file(), StandardOpenOption.READ)) {
                        append(in, part, out);
                    }
                    size += part.length();
                }
            }
            return new Taken(file, size, Optional.empty());
        });
    }

    /** Copies a stretch of {@code in} to where {@code out} stands. */
    static void append(FileChannel in, Part part, FileChannel out) throws IOException {
        for (long done = 0; done < part.length(); ) {
            long sent = in.transferTo(part.offset() + done, part.length() - done, out);
            if (sent <= 0) {
                throw new IOException(part.file() + " is shorter than it was");
            }
            done += sent;
        }
    }

    private interface Filling {
        Taken fill(Path file) throws IOException;
    }

    private Taken keepWhole(Filling filling) throws IOException {
        Path file = Files.createTempFile(folder, "in-", "");
        boolean whole = false;
        try {
            Taken taken = filling.fill(file);
            whole = true;
            return taken;
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void requireFits(long bytes) throws IOException {
        if (bytes > MAX_BLOB) {
            throw BlobException.bodyTooLarge(MAX_BLOB);
        }
        requireRoom(bytes);
    }

    private Taken copy(InputStream content, Path file, boolean summed) throws IOException {
        Optional<MessageDigest> md5 = summed ? Optional.of(md5()) : Optional.empty();
        byte[] buffer = new byte[CHUNK];
        long size = 0;
        long looked = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                size += n;
                if (size > MAX_BLOB) {
                    throw BlobException.bodyTooLarge(MAX_BLOB);
                }
                if (size - looked > LOOK_EVERY) {
                    requireRoom(0);
                    looked = size;
                }
                if (md5.isPresent()) {
                    md5.get().update(buffer, 0, n);
                }
                out.write(buffer, 0, n);
            }
        }
        return new Taken(file, size, md5.map(sum -> Base64.getEncoder().encodeToString(sum.digest())));
    }

    private void requireRoom(long bytes) throws IOException {
        if (disk.played() || Files.getFileStore(folder).getUsableSpace() - bytes < RESERVE) {
            throw BlobException.diskFull();
        }
    }

    /** The MD5 of a stretch of a file, in Base64. */
    static String md5(FileChannel content, long first, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && content.read(bytes, first + bytes.position()) >= 0) {}
        MessageDigest md5 = md5();
        md5.update(bytes.flip());
        return Base64.getEncoder().encodeToString(md5.digest());
    }

    static String md5(byte[] bytes) {
        return Base64.getEncoder().encodeToString(md5().digest(bytes));
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
