package dev.malachite.engine.sweep;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which point of a space is tried next. The trial of a number is a function of the space, the seed, the number and what
 * the trials before it have reported; nothing else, so that a sweep goes on after a crash as it would have gone on.
 */
public sealed interface Sampling {

    /**
     * The point of the trial with this number, counted from 0.
     *
     * @param results of trials that have ended, best value first; only a model looks at them
     * @return values as JSON by name; empty when the space holds no further point
     */
    Optional<Map<String, String>> trial(SearchSpace space, int number, List<Result> results);

    /** Refuses a space that this algorithm cannot sample. */
    void check(SearchSpace space);

    /**
     * What a trial came to.
     *
     * @param point values as JSON by name
     */
    record Result(Map<String, String> point, double value) {}

    /** Every combination of choices, the last parameter changing fastest. */
    record Grid() implements Sampling {

        @Override
        public Optional<Map<String, String>> trial(SearchSpace space, int number, List<Result> results) {
            return GridWalk.point(space, number);
        }

        @Override
        public void check(SearchSpace space) {
            GridWalk.check(space);
        }
    }

    /** Independent points; one that has been tried is not tried again. */
    record Random(long seed) implements Sampling {

        @Override
        public Optional<Map<String, String>> trial(SearchSpace space, int number, List<Result> results) {
            return Distinct.point(space, Streams.random(space, seed), number);
        }

        @Override
        public void check(SearchSpace space) {}
    }

    /** Points of a Sobol sequence, moved by the seed, which fill a space more evenly than random ones. */
    record Sobol(long seed) implements Sampling {

        @Override
        public Optional<Map<String, String>> trial(SearchSpace space, int number, List<Result> results) {
            return Distinct.point(space, Streams.sobol(space, seed), number);
        }

        @Override
        public void check(SearchSpace space) {
            BadSweep.unless(
                    space.dimensions() <= Streams.MOST_SOBOL_DIMENSIONS,
                    "Sobol sampling takes at most %d parameters.".formatted(Streams.MOST_SOBOL_DIMENSIONS));
        }
    }

    /** Points that look good by a model of the results so far: see {@link Parzen}. */
    record Bayesian(long seed) implements Sampling {

        @Override
        public Optional<Map<String, String>> trial(SearchSpace space, int number, List<Result> results) {
            return Parzen.point(space, seed, number, results);
        }

        @Override
        public void check(SearchSpace space) {
            Parzen.check(space);
        }
    }
}
