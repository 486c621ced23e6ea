package dev.malachite.server.runtime.docker;

import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.JobTar;
import dev.malachite.server.snapshot.Snapshots.SnapshotFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** Everything that a job needs as one archive for the root of its container: small in memory, big written as it is read. */
final class JobArchive {

    private static final long IN_MEMORY = 8L << 20;

    /** Where putting a file takes the engine no longer than a container needs to unpack it. */
    private static final int SMALL = 1 << 20;

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
        JobTar.write(out, job, data, layout, Containers.DATA, "/");
    }
}
