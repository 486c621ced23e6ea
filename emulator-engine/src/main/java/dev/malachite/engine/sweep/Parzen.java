package dev.malachite.engine.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Samples where good results are dense and bad ones are not: a Parzen estimator over the best quarter of the results and
 * one over the rest, each parameter by itself, and of some points drawn from the first the one at which their quotient
 * is greatest (J. Bergstra et al., Algorithms for Hyper-Parameter Optimization, 2011). What the service's own model is,
 * it does not say. The first trials are random ones.
 */
final class Parzen {

    private static final int RANDOM_TRIALS = 5;
    private static final double GOOD = 0.25;
    private static final int CANDIDATES = 24;

    /** How far round a point its density reaches at least, as part of the parameter's range. */
    private static final double LEAST_WIDTH = 0.02;

    private Parzen() {}

    static void check(SearchSpace space) {
        space.parameters().forEach((name, distribution) -> {
            boolean known = switch (distribution) {
                case Distribution.Choice choice ->
                    choice.options().stream().allMatch(Option.Constant.class::isInstance);
                case Distribution.Uniform uniform -> !uniform.log();
                case Distribution.Normal _, Distribution.RandInt _ -> false;
            };
            BadSweep.unless(
                    known,
                    ("Bayesian sampling supports 'choice', 'uniform' and 'quniform' only; the parameter '%s' has another"
                                    + " distribution.")
                            .formatted(name));
        });
    }

    static Optional<Map<String, String>> point(
            SearchSpace space, long seed, int number, List<Sampling.Result> results) {
        if (space.count().isPresent() && number >= space.count().getAsLong()) {
            return Optional.empty();
        }
        IntFunction<double[]> random = Streams.random(space, seed);
        if (results.size() < RANDOM_TRIALS + space.dimensions()) {
            return Distinct.point(space, random, number);
        }
        List<double[]> places =
                results.stream().map(result -> place(space, result.point())).toList();
        int best = Math.max(2, (int) Math.ceil(GOOD * places.size()));
        List<double[]> good = places.subList(0, best);
        List<double[]> bad = places.subList(best, places.size());
        SplittableRandom dice = Streams.generator(seed, number);
        double[] chosen = random.apply(number);
        double quotient = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < CANDIDATES; i++) {
            double[] candidate = draw(space, good, dice);
            double promise = density(space, good, candidate) - density(space, bad, candidate);
            if (promise > quotient) {
                quotient = promise;
                chosen = candidate;
            }
        }
        return Optional.of(space.point(chosen));
    }

    private static double[] draw(SearchSpace space, List<double[]> good, SplittableRandom dice) {
        double width = width(good.size());
        double[] point = new double[space.dimensions()];
        int i = 0;
        for (Distribution distribution : space.parameters().values()) {
            double centre = good.get(dice.nextInt(good.size()))[i];
            // Now and then anywhere: what has not been tried has no density to be found by.
            boolean anywhere = dice.nextInt(good.size() + 1) == 0;
            point[i++] = switch (distribution) {
                case Distribution.Choice _ -> anywhere ? dice.nextDouble() : centre;
                case Distribution.Uniform _ ->
                    anywhere ? dice.nextDouble() : inside(centre + width * dice.nextGaussian());
                case Distribution.Normal _, Distribution.RandInt _ -> throw new IllegalStateException("was refused");
            };
        }
        return point;
    }

    /** The logarithm of the density of the points, with a little of it everywhere. */
    private static double density(SearchSpace space, List<double[]> points, double[] at) {
        double width = width(points.size());
        double sum = 0;
        int i = 0;
        for (Distribution distribution : space.parameters().values()) {
            double here = 1;
            for (double[] point : points) {
                here += switch (distribution) {
                    case Distribution.Choice choice -> {
                        int size = choice.options().size();
                        yield Distribution.index(point[i], size) == Distribution.index(at[i], size) ? size : 0;
                    }
                    case Distribution.Uniform _ -> {
                        double distance = (point[i] - at[i]) / width;
                        yield Math.exp(-distance * distance / 2) / width / Math.sqrt(2 * Math.PI);
                    }
                    case Distribution.Normal _, Distribution.RandInt _ ->
                        throw new IllegalStateException("was refused");
                };
            }
            sum += Math.log(here / (points.size() + 1));
            i++;
        }
        return sum;
    }

    private static double width(int points) {
        return Math.max(LEAST_WIDTH, 0.5 / Math.max(1, points));
    }

    private static double inside(double at) {
        return Math.clamp(at, 0, Math.nextDown(1.0));
    }

    /** Where in the unit cube a point of the space lies. */
    private static double[] place(SearchSpace space, Map<String, String> point) {
        List<Double> place = new ArrayList<>();
        space.parameters().forEach((name, distribution) -> {
            String value = point.getOrDefault(name, "null");
            place.add(
                    switch (distribution) {
                        case Distribution.Choice choice ->
                            (choice.options().indexOf(new Option.Constant(value)) + 0.5)
                                    / choice.options().size();
                        case Distribution.Uniform uniform -> uniform.position(Double.parseDouble(value));
                        case Distribution.Normal _, Distribution.RandInt _ ->
                            throw new IllegalStateException("was refused");
                    });
        });
        return place.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
