package dev.malachite.server.runtime;

import dev.malachite.engine.JobId;
import dev.malachite.server.snapshot.Snapshots.SnapshotFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a node needs to run a job.
 *
 * @param attempt 1 for the first
 * @param files the snapshot, put into the working directory
 * @param data inputs and folders of named outputs, put into the data folder
 * @param program what is executed in the working directory: argv, not a shell's line
 * @param script the file that must exist in the working directory for the program to make sense; empty when there is none
 * @param environment the job's own variables; secrets are in it, so it is never logged
 * @param certificate PEM of the emulator's CA, added to the bundle that the image trusts
 * @param log where what the job prints is appended to, both streams, as it is printed
 * @param simulation durations and exit code for the simulated runtime: the job's tags
 */
public record JobStart(
        JobId job,
        int attempt,
        List<SnapshotFile> files,
        JobData.Source data,
        List<String> program,
        String script,
        Map<String, String> environment,
        String certificate,
        Path log,
        Map<String, String> simulation) {

    /** Without the environment, which holds the run's token. */
    @Override
    public String toString() {
        return "JobStart[" + job + " attempt " + attempt + "]";
    }
}
