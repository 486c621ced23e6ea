package dev.malachite.server.hyperdrive;

import dev.malachite.engine.JobId;
import dev.malachite.server.artifact.Artifacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What both SDKs stream of a sweep: {@code azureml-logs/hyperdrive.txt}, in the service's words. */
@Component
class SweepLog {

    private static final Logger LOG = LoggerFactory.getLogger(SweepLog.class);
    private static final String FILE = "azureml-logs/hyperdrive.txt";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private final Artifacts artifacts;
    private final Clock clock;

    SweepLog(Artifacts artifacts, Clock clock) {
        this.artifacts = artifacts;
        this.clock = clock;
    }

    /** Says so once, though it may be asked for again after a crash. */
    synchronized void scheduled(JobId sweep, String trial) {
        String line = "Scheduling job, id='%s'\n".formatted(trial);
        String before = read(sweep);
        if (before.isEmpty()) {
            write(sweep, "API", "Experiment created");
        }
        if (!before.contains(line)) {
            write(sweep, "SCHEDULER", line.strip());
        }
    }

    synchronized void ended(JobId sweep, int trials, int most, String to, Optional<String> error) {
        if (trials >= most) {
            write(sweep, "GENERATOR", "Max number of jobs '%d' reached for experiment.".formatted(most));
        }
        write(sweep, "GENERATOR", "All jobs generated.");
        error.ifPresent(why -> write(sweep, "CONTROLLER", why));
        write(sweep, "CONTROLLER", "Changing Run Status from Running to %s".formatted(to));
    }

    private void write(JobId sweep, String part, String text) {
        try {
            Files.writeString(
                    file(sweep),
                    "[%s][%s][INFO]%s\n".formatted(TIME.format(clock.instant()), part, text),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            // The sweep goes on without a line of its log.
            LOG.warn("the log of {} could not be written: {}", sweep, e.getMessage());
        }
    }

    private String read(JobId sweep) {
        try {
            Path file = file(sweep);
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }

    private Path file(JobId sweep) throws IOException {
        return artifacts.logFile(sweep.workspace(), sweep.run(), FILE);
    }
}
