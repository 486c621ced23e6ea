package dev.malachite.server.job;

import dev.malachite.engine.JobId;
import dev.malachite.server.artifact.Artifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files the logs of earlier attempts away, each once and under its own number, as the service does with its own retries. */
final class EarlierLogs {

    private final Artifacts artifacts;

    EarlierLogs(Artifacts artifacts) {
        this.artifacts = artifacts;
    }

    /** Has the log's place free for this attempt. An attempt that never began left no log: its file is empty. */
    void setAside(JobId job, int attempt, String name) throws IOException {
        int last = attempt - 1;
        if (last == 0 || Files.exists(aside(job, last, name))) {
            return; // what lies there is this attempt's
        }
        int first = last;
        while (first > 1 && !Files.exists(aside(job, first - 1, name))) {
            first--;
        }
        // What lies there was written by the first attempt of which nothing is filed: a later one would have filed it.
        if (Files.exists(artifacts.logFile(job.workspace(), job.run(), name))) {
            artifacts.setAside(job.workspace(), job.run(), name, name(first, name));
            first++;
        }
        for (int unseen = first; unseen <= last; unseen++) {
            Files.createFile(aside(job, unseen, name)); // the mark says that it was looked for
        }
    }

    private Path aside(JobId job, int attempt, String name) throws IOException {
        return artifacts.logFile(job.workspace(), job.run(), name(attempt, name));
    }

    private static String name(int attempt, String name) {
        return "user_logs/retry_%03d/%s".formatted(attempt - 1, Path.of(name).getFileName());
    }
}
