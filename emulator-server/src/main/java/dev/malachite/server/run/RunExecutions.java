package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Knows how a run's execution stands now. */
public interface RunExecutions {

    /** Properties of this beginning are shown and never kept. */
    String PREFIX = "malachite.";

    /** Adds to a run's properties what the service keeps to itself: the attempt, and how it stands until it has ended. */
    static void describe(RunView run, Optional<Standing> standing, ObjectNode properties) {
        int attempt = standing.map(Standing::attempt).orElse(run.attempt());
        if (attempt > 0) {
            properties.put(PREFIX + "attempt", Integer.toString(attempt));
        }
        standing.ifPresent(now -> properties.put(PREFIX + "why", now.why()));
    }

    /** How it stands; empty once it has ended, and for a run that is not executed here. */
    Optional<Standing> of(JobId run);

    /**
     * How an execution stands.
     *
     * @param attempt 1 for the first
     * @param why one sentence: what it waits for, or what it does
     */
    record Standing(int attempt, boolean waits, String why) {}
}
