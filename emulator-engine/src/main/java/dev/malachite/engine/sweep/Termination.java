package dev.malachite.engine.sweep;

import java.util.Collection;
import java.util.List;

/**
 * When a trial is given up before its end. An interval is one report of the primary metric; a policy looks at each
 * multiple of its evaluation interval from its delay on (documentation of the service's early termination policies).
 */
public sealed interface Termination {

    /** How often and from when on a policy looks. */
    record Pace(int interval, int delay) {

        public Pace {
            BadSweep.unless(
                    interval >= 0, "The evaluation interval must not be negative, but is %d.".formatted(interval));
            BadSweep.unless(
                    delay >= 0, "The delay of the evaluation must not be negative, but is %d.".formatted(delay));
            // azure-ai-ml sends 0 where nothing was said.
            interval = Math.max(1, interval);
        }

        boolean looksAt(int reported) {
            return reported >= Math.max(1, delay) && reported % interval == 0;
        }
    }

    Pace pace();

    /**
     * Whether a trial is given up.
     *
     * @param own what it has reported until the interval that is looked at
     * @param all what every trial has reported, itself too, cut at that interval; without those that reported nothing
     */
    boolean poor(Goal goal, List<Double> own, Collection<List<Double>> all);

    /**
     * Whether a trial is given up for one of its reports from a number on.
     *
     * @param own all that it has reported
     * @param seen how many of these had been looked at before
     * @param all what every trial has reported, itself too
     */
    default boolean ends(Goal goal, List<Double> own, int seen, Collection<List<Double>> all) {
        for (int n = seen + 1; n <= own.size(); n++) {
            int interval = n;
            if (pace().looksAt(n)) {
                List<List<Double>> cut = all.stream()
                        .filter(values -> !values.isEmpty())
                        .map(values -> values.subList(0, Math.min(interval, values.size())))
                        .toList();
                if (poor(goal, own.subList(0, n), cut)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Every trial runs to its end. */
    record Never() implements Termination {

        @Override
        public Pace pace() {
            return new Pace(1, Integer.MAX_VALUE);
        }

        @Override
        public boolean poor(Goal goal, List<Double> own, Collection<List<Double>> all) {
            return false;
        }
    }

    /**
     * Ends a trial whose best value is too far from the best of all.
     *
     * @param factor how far, as a part of the best; 0 if the amount is given
     * @param amount how far, absolutely; 0 if the factor is given
     */
    record Bandit(Pace pace, double factor, double amount) implements Termination {

        public Bandit {
            BadSweep.unless(
                    factor >= 0 && amount >= 0 && Double.isFinite(factor) && Double.isFinite(amount),
                    "The slack of a bandit policy must not be negative.");
            BadSweep.unless(
                    factor == 0 || amount == 0, "A bandit policy takes either slack_factor or slack_amount, not both.");
        }

        @Override
        public boolean poor(Goal goal, List<Double> own, Collection<List<Double>> all) {
            double best = goal.best(all.stream().flatMap(List::stream).toList()).orElse(Double.NaN);
            double reached = goal.best(own).orElse(Double.NaN);
            return !Double.isNaN(best) && (Double.isNaN(reached) || goal.better(bound(goal, best), reached));
        }

        /** The worst value that is still good enough. The factor makes it worse on either side of zero. */
        private double bound(Goal goal, double best) {
            if (amount > 0) {
                return goal == Goal.MAXIMIZE ? best - amount : best + amount;
            }
            boolean towardsZero = (goal == Goal.MAXIMIZE) == (best > 0);
            return towardsZero ? best / (1 + factor) : best * (1 + factor);
        }
    }

    /** Ends a trial whose best value is worse than the median of all trials' averages. */
    record MedianStopping(Pace pace) implements Termination {

        @Override
        public boolean poor(Goal goal, List<Double> own, Collection<List<Double>> all) {
            double[] averages = all.stream()
                    .mapToDouble(values -> values.stream()
                            .mapToDouble(Double::doubleValue)
                            .filter(value -> !Double.isNaN(value))
                            .average()
                            .orElse(Double.NaN))
                    .filter(value -> !Double.isNaN(value))
                    .sorted()
                    .toArray();
            if (averages.length == 0) {
                return false;
            }
            int middle = averages.length / 2;
            double median = averages.length % 2 == 1 ? averages[middle] : (averages[middle - 1] + averages[middle]) / 2;
            double reached = goal.best(own).orElse(Double.NaN);
            return Double.isNaN(reached) || goal.better(median, reached);
        }
    }

    /** Ends the trials that are last in the order of their best values. */
    record TruncationSelection(Pace pace, int percentage) implements Termination {

        public TruncationSelection {
            BadSweep.unless(
                    percentage >= 1 && percentage <= 99,
                    "The truncation percentage must be from 1 to 99, but is %d.".formatted(percentage));
        }

        /** Trials that are equally good are last only together, so that not all end where all are the same. */
        @Override
        public boolean poor(Goal goal, List<Double> own, Collection<List<Double>> all) {
            double reached = goal.best(own).orElse(Double.NaN);
            long notBetter = all.stream()
                    .map(values -> goal.best(values).orElse(Double.NaN))
                    .filter(other -> Double.isNaN(other) || (!Double.isNaN(reached) && !goal.better(other, reached)))
                    .count();
            return notBetter <= (long) all.size() * percentage / 100;
        }
    }
}
