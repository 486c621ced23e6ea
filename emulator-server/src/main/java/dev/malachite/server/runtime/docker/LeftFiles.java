package dev.malachite.server.runtime.docker;

import dev.malachite.server.runtime.CollectLimits;
import dev.malachite.server.runtime.NodeRuntime.FileSink;
import dev.malachite.server.runtime.SafePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads the archive of what a job left: plain files only, whatever names the job gave them. */
final class LeftFiles {

    private LeftFiles() {}

    static void unpack(InputStream archive, CollectLimits limits, FileSink sink) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(archive, StandardCharsets.UTF_8.name());
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            boolean plain = entry.isFile() && !entry.isLink() && !entry.isSymbolicLink() && !entry.isSparse();
            if (plain && limits.admit(entry.getName(), entry.getSize())) {
                sink.file(SafePath.relative(entry.getName()), new Unclosed(tar));
            }
        }
    }

    /** A sink that closes what it was given must not end the archive. */
    private static final class Unclosed extends java.io.FilterInputStream {

        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // The archive goes on.
        }
    }
}
