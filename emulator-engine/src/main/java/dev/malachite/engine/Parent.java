package dev.malachite.engine;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The execution of a run that has no process of its own but children: a pipeline's, a sweep's. Its children stand in the
 * state beside it, one {@link Child} each.
 *
 * @param sequence order of submission
 * @param phase {@code PREPARING} until the first child is there, then {@code RUNNING}, {@code CANCEL_REQUESTED} while
 *     children are told to stop, {@code FINALIZING} once it is decided how it ends
 * @param outcome how it will end, once that is decided
 * @param started when its first child was accepted
 * @param error message of a failed one
 */
public record Parent(
        JobId id,
        long sequence,
        Plan plan,
        JobPhase phase,
        Optional<JobPhase> outcome,
        Instant submitted,
        Optional<Instant> started,
        @Nullable String error) {

    /** When it must be looked at though nothing happens; empty for one whose end is decided. */
    public Optional<Instant> deadline() {
        return phase == JobPhase.PREPARING || phase == JobPhase.RUNNING ? plan.deadline(submitted) : Optional.empty();
    }

    Parent running(Instant now) {
        return new Parent(
                id, sequence, plan, JobPhase.RUNNING, outcome, submitted, Optional.of(started.orElse(now)), error);
    }

    Parent canceling() {
        return new Parent(id, sequence, plan, JobPhase.CANCEL_REQUESTED, outcome, submitted, started, error);
    }

    Parent finalizing(JobPhase how, @Nullable String why) {
        return new Parent(id, sequence, plan, JobPhase.FINALIZING, Optional.of(how), submitted, started, why);
    }

    Parent ended() {
        return new Parent(id, sequence, plan, outcome.orElseThrow(), outcome, submitted, started, error);
    }
}
