package dev.malachite.server.blob;

import dev.malachite.server.disk.DiskSpace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
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
     * @param md5 of the bytes, in Base64
     */
    record Taken(Path file, long size, String md5) {

        void drop() throws IOException {
            Files.deleteIfExists(file);
        }
    }

    /**
     * Copies all of {@code content} into a new file.
     *
     * @param declared its length where the sender gave one, else -1
     * @param expectedMd5 what the sender says its MD5 is
     * @throws BlobException when it is too large, cut off, or not what was announced; nothing is left then
     */
    Taken take(InputStream content, long declared, Optional<String> expectedMd5) throws IOException {
        if (declared > MAX_BLOB) {
            throw BlobException.bodyTooLarge(MAX_BLOB);
        }
        requireRoom(Math.max(declared, 0));
        Path file = Files.createTempFile(folder, "in-", "");
        boolean whole = false;
        try {
            Taken taken = copy(content, file);
            if (declared >= 0 && taken.size() != declared) {
                throw BlobException.incompleteBody();
            }
            if (expectedMd5.isPresent() && !expectedMd5.get().equals(taken.md5())) {
                throw BlobException.md5Mismatch();
            }
            whole = true;
            return taken;
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Taken copy(InputStream content, Path file) throws IOException {
        MessageDigest md5 = md5();
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
                md5.update(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        }
        return new Taken(file, size, Base64.getEncoder().encodeToString(md5.digest()));
    }

    private void requireRoom(long bytes) throws IOException {
        if (disk.played() || Files.getFileStore(folder).getUsableSpace() - bytes < RESERVE) {
            throw BlobException.diskFull();
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
