package dev.malachite.engine.sweep;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** The points of a stream without those that were there before: no trial is worth making twice. */
final class Distinct {

    /** After so many repetitions in a row there is nothing new to be expected. */
    private static final int REPETITIONS = 10_000;

    private Distinct() {}

    static Optional<Map<String, String>> point(SearchSpace space, IntFunction<double[]> stream, int number) {
        if (space.count().isPresent() && number >= space.count().getAsLong()) {
            return Optional.empty();
        }
        Set<Map<String, String>> seen = new HashSet<>();
        int repeated = 0;
        for (int i = 0; repeated < REPETITIONS; i++) {
            Map<String, String> point = space.point(stream.apply(i));
            if (!seen.add(point)) {
                repeated++;
            } else if (seen.size() > number) {
                return Optional.of(point);
            } else {
                repeated = 0;
            }
        }
        return Optional.empty();
    }
}
