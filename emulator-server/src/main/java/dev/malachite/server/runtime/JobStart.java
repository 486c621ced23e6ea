package dev.malachite.server.runtime;

import dev.malachite.engine.JobId;
import dev.malachite.server.snapshot.Snapshots.SnapshotFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

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
 * @param place where what the job prints is appended to, both streams, as it is printed; its folders may be missing on a
 *     simulated node, which asks only when there is something to print
 * @param simulation durations and exit code for the simulated runtime: the job's tags
 * @param ranks the processes of a node that runs the program several times at once; else empty, and {@code environment} and
 *     {@code place} are all that the one process has
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
        Supplier<Path> place,
        Map<String, String> simulation,
        List<Rank> ranks) {

    /**
     * One of several processes of a node.
     *
     * @param environment beside what all of them have
     * @param log where what it prints is appended to
     * @param serves whether it only serves others: it is ended when they have ended
     */
    public record Rank(Map<String, String> environment, Path log, boolean serves) {}

    public JobStart(
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
        this(job, attempt, files, data, program, script, environment, certificate, () -> log, simulation, List.of());
    }

    public Path log() {
        return place.get();
    }

    /** One for each process of the node. */
    public List<Path> logs() {
        return ranks.isEmpty() ? List.of(log()) : ranks.stream().map(Rank::log).toList();
    }

    /** Without the environment, which holds the run's token. */
    @Override
    public String toString() {
        return "JobStart[" + job + " attempt " + attempt + "]";
    }
}
