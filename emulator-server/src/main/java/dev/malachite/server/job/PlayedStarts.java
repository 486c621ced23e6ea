package dev.malachite.server.job;

import dev.malachite.engine.JobId;
import dev.malachite.server.run.Runs;
import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** What a simulated node is given, which looks at the job's tags alone: such jobs come by the hundred thousand. */
@Component
class PlayedStarts {

    private final Runs runs;
    private final JobLogs logs;

    PlayedStarts(Runs runs, JobLogs logs) {
        this.runs = runs;
        this.logs = logs;
    }

    /** Empty for a job that is more than its tags: it runs a script, or is on several nodes. */
    Optional<JobStart> start(JobId job, int attempt) throws IOException {
        if (logs.nodes(job).size() != 1) {
            return Optional.empty();
        }
        Map<String, String> tags =
                runs.tagsWithoutScript(job).map(known -> known.asMap()).orElse(null);
        if (tags == null) {
            return Optional.empty();
        }
        Supplier<Path> log = () -> place(job);
        if (attempt > 1) {
            Path begun = logs.begin(job, attempt, Processes.LOG);
            log = () -> begun;
        }
        return Optional.of(new JobStart(
                job, attempt, List.of(), () -> JobData.NONE, List.of(), "", Map.of(), "", log, tags, List.of()));
    }

    /** Most of them print nothing, and then nothing of their log need be on disk, nor its place be looked for. */
    private Path place(JobId job) {
        try {
            return logs.place(job, Processes.LOG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
