package dev.malachite.server.runtime.simulated;

import dev.malachite.server.runtime.JobStart;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;

/**
 * What a simulated job will do, read from its tags.
 *
 * @param output what it prints at its start
 * @param duration of the emulator's time
 * @param exitCode 0 to 255
 * @param ignoresTerm whether it must be killed
 */
public record SimulatedJob(String output, Duration duration, int exitCode, boolean ignoresTerm) {

    static final String DURATION = "malachite.duration";
    static final String EXIT_CODE = "malachite.exitCode";
    static final String OUTPUT = "malachite.output";
    static final String IGNORES_TERM = "malachite.ignoresTerm";

    static SimulatedJob of(JobStart job) {
        boolean missing = !job.script().isEmpty()
                && job.files().stream().noneMatch(file -> file.path().equals(job.script()));
        if (missing) {
            return new SimulatedJob(
                    "The script '" + job.script() + "' is not in the snapshot.\n", Duration.ZERO, 2, false);
        }
        return of(job.simulation());
    }

    /** Whether a job with these tags prints nothing, so that it needs no log. */
    public static boolean isSilent(Map<String, String> tags) {
        return of(tags).output().isEmpty();
    }

    private static SimulatedJob of(Map<String, String> tags) {
        StringBuilder output = new StringBuilder(tags.getOrDefault(OUTPUT, ""));
        Duration duration = Duration.ofSeconds(1);
        int exitCode = 0;
        String asked = tags.getOrDefault(DURATION, "PT1S");
        try {
            duration = Duration.parse(asked);
        } catch (DateTimeParseException e) {
            output.append("The tag ")
                    .append(DURATION)
                    .append(" is no ISO 8601 duration: ")
                    .append(asked)
                    .append('\n');
        }
        String code = tags.getOrDefault(EXIT_CODE, "0");
        if (code.matches("\\d{1,3}") && Integer.parseInt(code) <= 255) {
            exitCode = Integer.parseInt(code);
        } else {
            output.append("The tag ")
                    .append(EXIT_CODE)
                    .append(" is not from 0 to 255: ")
                    .append(code)
                    .append('\n');
        }
        return new SimulatedJob(
                output.toString(),
                duration.isNegative() ? Duration.ZERO : duration,
                exitCode,
                Boolean.parseBoolean(tags.get(IGNORES_TERM)));
    }

    Instant end(Instant start) {
        try {
            return start.plus(duration);
        } catch (java.time.DateTimeException | ArithmeticException e) {
            return Instant.MAX;
        }
    }
}
