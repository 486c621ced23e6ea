package dev.malachite.server.runtime.docker;

import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.Ranks;
import dev.malachite.server.runtime.SafePath;
import dev.malachite.server.snapshot.Snapshots.SnapshotFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Everything that a job needs as one archive for the root of its container: small in memory, big written as it is read. */
final class JobArchive {

    private static final long IN_MEMORY = 8L << 20;

    /** Where putting a file takes the engine no longer than a container needs to unpack it. */
    private static final int SMALL = 1 << 20;

    private static final int EXECUTABLE = 0755;
    private static final int WRITABLE = 0644;
    private static final int READ_ONLY = 0444;

    private final JobStart job;
    private final JobData data;
    private final byte[] bytes;

    private JobArchive(JobStart job, JobData data, byte[] bytes) {
        this.job = job;
        this.data = data;
        this.bytes = bytes;
    }

    static JobArchive of(JobStart job) throws IOException {
        JobData data = job.data().find();
        long size = job.files().stream().mapToLong(SnapshotFile::size).sum()
                + data.files().stream().mapToLong(JobData.DataFile::size).sum();
        if (size > IN_MEMORY) {
            return new JobArchive(job, data, new byte[0]);
        }
        ByteArrayOutputStream memory = new ByteArrayOutputStream((int) size + 65_536);
        write(memory, job, data);
        return new JobArchive(job, data, memory.toByteArray());
    }

    /** The whole of it, if that is little. */
    Optional<byte[]> small() {
        return bytes.length > 0 && bytes.length <= SMALL ? Optional.of(bytes) : Optional.empty();
    }

    InputStream open() throws IOException {
        return bytes.length > 0
                ? new ByteArrayInputStream(bytes)
                : new WrittenStream("files of " + job.job(), out -> write(out, job, data));
    }

    private static void write(OutputStream out, JobStart job, JobData data) throws IOException {
        JobFile.Layout layout = new JobFile.Layout(Containers.STATE, Containers.WORK, List.of(), List.of(), true);
        try (TarArchiveOutputStream tar = tar(out)) {
            Set<String> folders = new HashSet<>();
            // What the job file would have to make, one process each.
            for (String folder : List.of("/outputs", "/logs")) {
                folder(tar, folders, layout.work().substring(1) + folder);
            }
            for (SnapshotFile file : job.files()) {
                String path = layout.work().substring(1) + "/" + SafePath.relative(file.path());
                folder(tar, folders, path.substring(0, path.lastIndexOf('/')));
                TarArchiveEntry entry = new TarArchiveEntry(path);
                entry.setSize(Files.size(file.content()));
                // A snapshot keeps no modes; its shell scripts must be callable.
                entry.setMode(TarArchiveEntry.DEFAULT_FILE_MODE | EXECUTABLE);
                tar.putArchiveEntry(entry);
                Files.copy(file.content(), tar);
                tar.closeArchiveEntry();
            }
            data(tar, folders, data);
            String state = layout.state().substring(1);
            folder(tar, folders, state);
            text(tar, state + "/ca.pem", job.certificate(), 0644);
            String python = state + "/" + JobFile.PYTHON;
            folder(tar, folders, python.substring(0, python.lastIndexOf('/')));
            text(tar, python, JobFile.python(), 0644);
            if (!job.ranks().isEmpty()) {
                text(tar, state + "/" + Ranks.MARK, Ranks.mark(), 0644);
            }
            text(tar, state + "/job", JobFile.text(job, layout), 0600);
        }
    }

    private static void data(TarArchiveOutputStream tar, Set<String> folders, JobData data) throws IOException {
        String root = Containers.DATA.substring(1) + "/";
        for (String folder : data.folders()) {
            folder(tar, folders, root + SafePath.relative(folder));
        }
        for (JobData.DataFile file : data.files()) {
            String path = root + SafePath.relative(file.path());
            folder(tar, folders, path.substring(0, path.lastIndexOf('/')));
            TarArchiveEntry entry = new TarArchiveEntry(path);
            entry.setSize(Files.size(file.content()));
            entry.setMode((TarArchiveEntry.DEFAULT_FILE_MODE & ~0777) | (file.writable() ? WRITABLE : READ_ONLY));
            tar.putArchiveEntry(entry);
            Files.copy(file.content(), tar);
            tar.closeArchiveEntry();
        }
    }

    static TarArchiveOutputStream tar(OutputStream out) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        return tar;
    }

    static void text(TarArchiveOutputStream tar, String path, String text, int mode) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setSize(content.length);
        entry.setMode((TarArchiveEntry.DEFAULT_FILE_MODE & ~0777) | mode);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /** The folder and those above it, once each; without an entry the engine makes them with modes of its own. */
    static void folder(TarArchiveOutputStream tar, Set<String> made, String path) throws IOException {
        if (path.isEmpty() || !made.add(path)) {
            return;
        }
        int slash = path.lastIndexOf('/');
        if (slash > 0) {
            folder(tar, made, path.substring(0, slash));
        }
        TarArchiveEntry entry = new TarArchiveEntry(path + "/");
        entry.setMode(TarArchiveEntry.DEFAULT_DIR_MODE);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }
}
