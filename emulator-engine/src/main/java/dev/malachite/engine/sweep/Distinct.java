package dev.malachite.engine.sweep;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** The points of a stream without those that were there before: no trial is worth making twice. */
final class Distinct {

    /**
     * After so many repetitions, and so many more for each point that was found, there is nothing new to be expected; a
     * sweep ends with what it has. A thousand equally likely points repeat 6.5 times each until the last is found.
     */
    private static final int REPETITIONS = 1_000;

    private static final int REPETITIONS_EACH = 9;

    private Distinct() {}

    static Optional<Map<String, String>> point(SearchSpace space, IntFunction<double[]> stream, int number) {
        if (space.count().isPresent() && number >= space.count().getAsLong()) {
            return Optional.empty();
        }
        Set<Map<String, String>> seen = new HashSet<>();
        int repeated = 0;
        for (int i = 0; repeated < REPETITIONS + REPETITIONS_EACH * seen.size(); i++) {
            Map<String, String> point = space.point(stream.apply(i));
            if (!seen.add(point)) {
                repeated++;
            } else if (seen.size() > number) {
                return Optional.of(point);
            }
        }
        return Optional.empty();
    }
}
