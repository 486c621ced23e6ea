package dev.malachite.server.pipeline;

import dev.malachite.engine.Child;
import dev.malachite.engine.JobId;
import dev.malachite.server.artifact.Artifacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * What the SDK streams of a pipeline: {@code logs/azureml/executionlogs.txt}, in the service's words (known from outputs
 * that users have published). A line that is there already is not written again, so it may be told twice.
 */
@Component
class PipelineLog {

    private static final String FILE = "logs/azureml/executionlogs.txt";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private final Artifacts artifacts;

    PipelineLog(Artifacts artifacts) {
        this.artifacts = artifacts;
    }

    /** The short id that the service gives a step within its pipeline. */
    static String node(String run, String step) {
        return UUID.nameUUIDFromBytes((run + "/" + step).getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 8);
    }

    /** Brings it up to date with what is known of the steps. */
    synchronized void tell(JobId pipeline, Collection<Child> children) throws IOException {
        // Of many steps each has it brought up to date: what is told must be found at once.
        Set<String> before = read(pipeline)
                .lines()
                .map(line -> line.substring(line.indexOf("] ") + 2))
                .collect(Collectors.toSet());
        StringBuilder more = new StringBuilder();
        List<Child> inOrder =
                children.stream().sorted(Comparator.comparing(Child::since)).toList();
        for (Child child : inOrder) {
            String run = child.run().run();
            String begun =
                    "Submitting 1 runs, first five are: %s:%s".formatted(node(pipeline.run(), child.name()), run);
            if (child.phase() != Child.Phase.CANCELED && !before.contains(begun)) {
                line(more, child.since(), begun);
            }
            String ended = "Completing processing run id %s.".formatted(run);
            if (!child.phase().open() && !before.contains(ended)) {
                line(more, child.since(), ended);
                if (child.phase() == Child.Phase.FAILED) {
                    line(more, child.since(), "Step '%s' (%s) has failed.".formatted(child.name(), run));
                }
            }
        }
        append(pipeline, more.toString());
    }

    synchronized void failed(JobId pipeline, Instant now) throws IOException {
        String text = "Execution of experiment failed, update experiment status and cancel running nodes.";
        if (!read(pipeline).contains(text)) {
            StringBuilder line = new StringBuilder();
            line(line, now, text);
            append(pipeline, line.toString());
        }
    }

    private static void line(StringBuilder to, Instant at, String text) {
        to.append('[').append(TIME.format(at)).append("] ").append(text).append('\n');
    }

    private void append(JobId pipeline, String text) throws IOException {
        if (!text.isEmpty()) {
            Files.writeString(
                    file(pipeline), text, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private String read(JobId pipeline) throws IOException {
        Path file = file(pipeline);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private Path file(JobId pipeline) throws IOException {
        return artifacts.logFile(pipeline.workspace(), pipeline.run(), FILE);
    }
}
