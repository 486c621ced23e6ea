package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Knows how a run's execution stands now. */
public interface RunExecutions {

    /** Properties of this beginning are shown and never kept. */
    String PREFIX = "malachite.";

    /** How it stands; empty once it has ended, and for a run that is not executed here. */
    Optional<Standing> of(JobId run);

    /**
     * How an execution stands.
     *
     * @param attempt 1 for the first
     * @param why one sentence: what it waits for, or what it does
     */
    record Standing(int attempt, boolean waits, String why) {

        /** Adds it to a run's properties: the service keeps the reason to itself. */
        public void addTo(ObjectNode properties) {
            properties.put(PREFIX + "attempt", Integer.toString(attempt));
            properties.put(PREFIX + "why", why);
        }
    }
}
