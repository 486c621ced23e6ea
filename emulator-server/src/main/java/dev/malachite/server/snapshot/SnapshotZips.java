package dev.malachite.server.snapshot;

import dev.malachite.api.Errors;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.DataFolder;
import dev.malachite.server.snapshot.SnapshotStore.Entry;
import dev.malachite.server.web.AzureException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.springframework.stereotype.Service;

/** Code folders that come as a zip with their run: snapshots like the others from then on. */
@Service
public class SnapshotZips {

    private static final int BUFFER = 64 * 1024;

    private final SnapshotService snapshots;
    private final DataFolder data;

    SnapshotZips(SnapshotService snapshots, DataFolder data) {
        this.snapshots = snapshots;
        this.data = data;
    }

    /**
     * Keeps what is in the zip.
     *
     * @return the id by which it is found from now on
     */
    public String keep(WorkspaceId workspace, InputStream zip) throws IOException {
        String id = UUID.randomUUID().toString();
        // On the store's own disk, for it makes links.
        Path folder = Files.createTempDirectory(data.scratch(), "zip-");
        try {
            SortedMap<String, Entry> entries = unpack(zip, folder);
            snapshots.keep(workspace, id, id, entries.values().stream().toList());
            return id;
        } catch (ZipException e) {
            throw new AzureException(Errors.invalidContent("the zip cannot be read"));
        } finally {
            DataFolder.remove(folder);
        }
    }

    private static SortedMap<String, Entry> unpack(InputStream zip, Path folder) throws IOException {
        SortedMap<String, Entry> entries = new TreeMap<>();
        long total = 0;
        try (ZipInputStream in = new ZipInputStream(zip)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.isDirectory()) {
                    continue;
                }
                // Written by Python's zipfile, where a name may begin with the folder itself.
                String path = SnapshotPaths.ofClient(entry.getName().replaceFirst("^(\\./)+", ""));
                Path file = folder.resolve("f" + entries.size());
                long size = copy(in, file, total);
                total += size;
                if (entries.put(path, new Entry(path, "", file, size)) != null) {
                    throw new AzureException(Errors.userError("The file '%s' is in the zip twice.".formatted(path)));
                }
                SnapshotPaths.requireCount(entries.size());
            }
        }
        return entries;
    }

    /** What a zip says of its sizes need not be true, so what comes out is counted. */
    private static long copy(InputStream in, Path file, long before) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                size += count;
                SnapshotPaths.requireSize(before + size);
                out.write(buffer, 0, count);
            }
        }
        return size;
    }
}
