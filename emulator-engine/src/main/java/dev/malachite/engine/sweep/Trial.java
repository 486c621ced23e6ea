package dev.malachite.engine.sweep;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One trial of a sweep: what it tries, and what it has reported of the primary metric.
 *
 * @param point values as JSON by name
 * @param reported how many values it has reported
 * @param values the first of these, as far as a policy needs them
 * @param best of all that it has reported
 * @param poor whether it is to be given up
 */
public record Trial(Map<String, String> point, int reported, List<Double> values, OptionalDouble best, boolean poor) {

    /** Enough to judge a trial by; a script may report without end. */
    static final int MOST_VALUES = 2000;

    public Trial {
        values = List.copyOf(values);
    }

    public static Trial of(Map<String, String> point) {
        return new Trial(point, 0, List.of(), OptionalDouble.empty(), false);
    }

    /**
     * The trial after some more reports; the same while some between are missing, which must be told first.
     *
     * @param from the number of the first of them, counted from 0; those that are known already are left out
     * @param others what the other trials have reported
     */
    public Trial with(SweepPlan plan, int from, List<Double> reports, Collection<Trial> others) {
        if (from > reported) {
            return this;
        }
        List<Double> added = reports.subList(Math.clamp((long) reported - from, 0, reports.size()), reports.size());
        List<Double> all = new ArrayList<>(added);
        best.ifPresent(all::add);
        OptionalDouble bestNow = plan.goal().best(all);
        if (plan.termination() instanceof Termination.Never) {
            return new Trial(point, reported + added.size(), values, bestNow, false);
        }
        List<Double> known = new ArrayList<>(values);
        known.addAll(added.subList(0, Math.min(added.size(), MOST_VALUES - known.size())));
        List<List<Double>> everybody = new ArrayList<>();
        everybody.add(known);
        others.forEach(other -> everybody.add(other.values()));
        boolean poorNow = poor || plan.termination().ends(plan.goal(), known, values.size(), everybody);
        return new Trial(point, reported + added.size(), known, bestNow, poorNow);
    }
}
