package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import dev.malachite.server.database.Row;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The part of the run store that the engine's store writes, in its own transaction and by JDBC: a run's birth and the
 * status of its execution. JPA never updates these columns.
 */
public interface RunRecords {

    /**
     * Writes a run that must not exist yet; makes its experiment when it is the first. The seed was checked by
     * {@link RunLimits#check(RunSeed)}. Its status is {@code NotStarted} until {@link #row} says otherwise.
     */
    void insert(RunSeed seed, Instant now);

    /** Whether there is a run of that name. */
    boolean exists(JobId id);

    /**
     * The status of a run's execution, as a row to be written with others; all values take the place of what was
     * there.
     *
     * @param status Azure's word, for example {@code Queued}
     * @param attempt 1 for the first
     * @param error message of a failed run, else null
     */
    Row row(
            JobId id,
            String status,
            int attempt,
            @Nullable Instant started,
            @Nullable Instant ended,
            @Nullable String error);
}
