package dev.malachite.engine.sweep;

import java.time.Duration;
import java.util.Optional;

/**
 * What a sweep is asked to do.
 *
 * @param metric the primary metric's name
 */
public record SweepPlan(
        SearchSpace space, Sampling sampling, String metric, Goal goal, Termination termination, Limits limits) {

    /** What the service takes (its documentation of limits). */
    public static final int MOST_TRIALS = 1000;

    private static final Duration LONGEST = Duration.ofDays(60);

    public SweepPlan {
        BadSweep.unless(!metric.isBlank(), "The primary metric has no name.");
        sampling.check(space);
        BadSweep.unless(
                !(sampling instanceof Sampling.Bayesian) || termination instanceof Termination.Never,
                "Bayesian sampling does not support early termination policies.");
    }

    /**
     * How far a sweep may go.
     *
     * @param total how many trials it makes at most
     * @param concurrent how many of them at once
     * @param timeout after which all is canceled
     * @param trialTimeout after which a trial is stopped
     */
    public record Limits(int total, int concurrent, Optional<Duration> timeout, Optional<Duration> trialTimeout) {

        public Limits {
            trials("total number of trials", total);
            trials("number of concurrent trials", concurrent);
            time("timeout", timeout);
            time("trial timeout", trialTimeout);
        }

        private static void trials(String what, int number) {
            BadSweep.unless(
                    number >= 1 && number <= MOST_TRIALS,
                    "The %s must be from 1 to %d, but is %d.".formatted(what, MOST_TRIALS, number));
        }

        private static void time(String what, Optional<Duration> time) {
            time.ifPresent(limit -> BadSweep.unless(
                    limit.isPositive() && limit.compareTo(LONGEST) <= 0,
                    "The %s must be positive and at most 60 days, but is %s.".formatted(what, limit)));
        }
    }
}
