package dev.malachite.server.runtime;

import dev.malachite.server.snapshot.Snapshots.SnapshotFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Everything that a job needs as one archive: its snapshot, its data, its job file and what that needs. */
public final class JobTar {

    private static final int EXECUTABLE = 0755;
    private static final int WRITABLE = 0644;
    private static final int READ_ONLY = 0444;

    private final TarArchiveOutputStream tar;
    private final String root;
    private final Set<String> folders = new HashSet<>();

    private JobTar(TarArchiveOutputStream tar, String root) {
        this.tar = tar;
        this.root = root;
    }

    /**
     * Writes the archive.
     *
     * @param layout where things are on the node
     * @param dataFolder where the node has its data
     * @param root the folder that the archive is for, below which all of these lie; with a slash at its end
     */
    public static void write(
            OutputStream out, JobStart job, JobData data, JobFile.Layout layout, String dataFolder, String root)
            throws IOException {
        try (TarArchiveOutputStream tar = open(out)) {
            JobTar archive = new JobTar(tar, root);
            archive.snapshot(job, layout.work());
            archive.data(data, dataFolder);
            archive.state(job, layout);
        }
    }

    public static TarArchiveOutputStream open(OutputStream out) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        return tar;
    }

    private void snapshot(JobStart job, String work) throws IOException {
        // What the job file would have to make, one process each.
        for (String folder : new String[] {"/outputs", "/logs"}) {
            folder(relative(work + folder));
        }
        for (SnapshotFile file : job.files()) {
            String path = relative(work + "/" + SafePath.relative(file.path()));
            folder(path.substring(0, path.lastIndexOf('/')));
            TarArchiveEntry entry = new TarArchiveEntry(path);
            entry.setSize(Files.size(file.content()));
            // A snapshot keeps no modes; its shell scripts must be callable.
            entry.setMode(TarArchiveEntry.DEFAULT_FILE_MODE | EXECUTABLE);
            tar.putArchiveEntry(entry);
            Files.copy(file.content(), tar);
            tar.closeArchiveEntry();
        }
    }

    private void data(JobData data, String dataFolder) throws IOException {
        String top = relative(dataFolder) + "/";
        for (String folder : data.folders()) {
            folder(top + SafePath.relative(folder));
        }
        for (JobData.DataFile file : data.files()) {
            String path = top + SafePath.relative(file.path());
            folder(path.substring(0, path.lastIndexOf('/')));
            TarArchiveEntry entry = new TarArchiveEntry(path);
            entry.setSize(Files.size(file.content()));
            entry.setMode((TarArchiveEntry.DEFAULT_FILE_MODE & ~0777) | (file.writable() ? WRITABLE : READ_ONLY));
            tar.putArchiveEntry(entry);
            Files.copy(file.content(), tar);
            tar.closeArchiveEntry();
        }
    }

    private void state(JobStart job, JobFile.Layout layout) throws IOException {
        String state = relative(layout.state());
        folder(state);
        text(tar, state + "/ca.pem", job.certificate(), 0644);
        String python = state + "/" + JobFile.PYTHON;
        folder(python.substring(0, python.lastIndexOf('/')));
        text(tar, python, JobFile.python(), 0644);
        if (!job.ranks().isEmpty() && layout.shared()) {
            text(tar, state + "/" + Ranks.MARK, Ranks.mark(), 0644);
        }
        text(tar, state + "/job", JobFile.text(job, layout), 0600);
    }

    private void folder(String path) throws IOException {
        folder(tar, folders, path);
    }

    private String relative(String path) {
        if (!path.startsWith(root)) {
            throw new IllegalArgumentException(path + " is not below " + root);
        }
        return path.substring(root.length());
    }

    public static void text(TarArchiveOutputStream tar, String path, String text, int mode) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setSize(content.length);
        entry.setMode((TarArchiveEntry.DEFAULT_FILE_MODE & ~0777) | mode);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /** The folder and those above it, once each; without an entry an engine makes them with modes of its own. */
    public static void folder(TarArchiveOutputStream tar, Set<String> made, String path) throws IOException {
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
