package dev.malachite.engine;

import dev.malachite.engine.sweep.Trial;
import java.time.Instant;
import java.util.Optional;

/**
 * What a parent knows of one of its children, from the moment it should exist until the parent has ended.
 *
 * @param name what the plan calls it: a pipeline's step, a sweep's trial
 * @param run the id of its run: a function of the parent and the name, so that no child is ever submitted twice
 * @param since when it came to its phase
 * @param trial of a sweep's: what it tries, and what it has reported
 */
public record Child(JobId parent, String name, JobId run, Phase phase, Instant since, Optional<Trial> trial) {

    /** How far it is. */
    public enum Phase {
        /** It should exist; its submission is being put together. */
        WANTED,
        /** It was accepted: it is a job, or a parent, of the state. */
        LIVE,
        COMPLETED,
        FAILED,
        CANCELED;

        /** Whether something may still come of it. */
        public boolean open() {
            return this == WANTED || this == LIVE;
        }

        static Phase of(JobPhase end) {
            return switch (end) {
                case COMPLETED -> COMPLETED;
                case CANCELED -> CANCELED;
                case FAILED -> FAILED;
                case PREPARING, QUEUED, STARTING, RUNNING, CANCEL_REQUESTED, FINALIZING ->
                    throw new IllegalArgumentException("no end: " + end);
            };
        }
    }

    Child phase(Phase next, Instant now) {
        return new Child(parent, name, run, next, now, trial);
    }

    Child trial(Trial next) {
        return new Child(parent, name, run, phase, since, Optional.of(next));
    }
}
