package dev.malachite.server.runtime;

import dev.malachite.server.runtime.NodeRuntime.FileSink;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Reads the archive of what a job left: plain files only, whatever names the job gave them. */
public final class LeftFiles {

    /** Of what an entry says of itself beside its content, long names and the like: readers keep it in memory. */
    private static final long HEADERS = 1 << 20;

    private LeftFiles() {}

    /** Hands on each file under its relative path. Links are left out: they may lead out of the job's folder. */
    public static void unpack(InputStream archive, CollectLimits limits, FileSink sink) throws IOException {
        Allowance bounded = new Allowance(archive);
        TarArchiveInputStream tar = new TarArchiveInputStream(bounded, StandardCharsets.UTF_8.name());
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            bounded.left = Math.max(HEADERS, entry.getSize() + HEADERS);
            boolean plain = switch (entry.getLinkFlag()) {
                case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG ->
                    entry.isFile() && !entry.isSparse();
                default -> false;
            };
            String name = entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
            if (plain && limits.admit(name, entry.getSize())) {
                sink.file(SafePath.relative(name), new Unclosed(tar));
            }
        }
    }

    /** So many bytes and no more. */
    private static final class Allowance extends FilterInputStream {

        private long left = HEADERS;

        Allowance(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left <= 0) {
                throw new IOException("An archive says more of one file than %d bytes".formatted(HEADERS));
            }
            int count = in.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = in.skip(Math.clamp(count, 0, left));
            left -= skipped;
            return skipped;
        }
    }

    /** A sink that closes what it was given must not end the archive. */
    private static final class Unclosed extends FilterInputStream {

        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // The archive goes on.
        }
    }
}
