package dev.malachite.engine.sweep;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * How the values of one parameter are spread. Each makes a value out of a number from 0 to 1 by its inverse
 * distribution function, so that a random number, a point of a Sobol sequence and a point of a model all serve.
 */
public sealed interface Distribution {

    /** How many coordinates a value takes. */
    default int dimensions() {
        return 1;
    }

    /**
     * The value at a point.
     *
     * @param at from 0 (inclusive) to 1 (exclusive), as many as there are {@link #dimensions}
     * @return JSON
     */
    String value(double... at);

    /** How many values there are; empty when they are beyond count. */
    default OptionalLong count() {
        return OptionalLong.empty();
    }

    /**
     * One of some options, each as likely as any other.
     *
     * @param options never empty
     */
    record Choice(List<Option> options) implements Distribution {

        public Choice {
            options = List.copyOf(options);
            BadSweep.unless(!options.isEmpty(), "A choice needs at least one value.");
        }

        @Override
        public int dimensions() {
            return 1 + options.stream().mapToInt(Option::dimensions).max().orElse(0);
        }

        @Override
        public String value(double... at) {
            double[] inner = java.util.Arrays.copyOfRange(at, 1, at.length);
            return options.get(index(at[0], options.size())).value(inner);
        }

        @Override
        public OptionalLong count() {
            return Counts.sum(options.stream().map(Option::count));
        }
    }

    /**
     * Evenly between two bounds, or with its logarithm so.
     *
     * @param q what the value is a multiple of
     */
    record Uniform(double low, double high, OptionalDouble q, boolean log) implements Distribution {

        public Uniform {
            finite(low, high, high - low);
            step(q);
            BadSweep.unless(
                    log ? low <= high : low < high,
                    "The minimum %s of a uniform distribution must be less than its maximum %s."
                            .formatted(Numbers.text(low), Numbers.text(high)));
            BadSweep.unless(!log || high <= LARGEST_EXPONENT, "exp(%s) is too large.".formatted(Numbers.text(high)));
            countable(log ? Math.exp(high) : Math.max(Math.abs(low), Math.abs(high)), q);
        }

        @Override
        public String value(double... at) {
            double between = low + at[0] * (high - low);
            return rounded(log ? Math.exp(between) : between, q);
        }

        /** What {@link #value} makes this value out of; the middle of all that become it, where it is rounded. */
        double position(double value) {
            double place = ((log ? Math.log(value) : value) - low) / (high - low);
            return Math.clamp(place, 0, Math.nextDown(1.0));
        }
    }

    /**
     * Normally, or with its logarithm so.
     *
     * @param q what the value is a multiple of
     */
    record Normal(double mu, double sigma, OptionalDouble q, boolean log) implements Distribution {

        public Normal {
            finite(mu, sigma, Math.abs(mu) + 10 * sigma);
            step(q);
            BadSweep.unless(
                    sigma >= 0, "The sigma %s of a normal distribution is negative.".formatted(Numbers.text(sigma)));
            BadSweep.unless(
                    !log || mu + 10 * sigma <= LARGEST_EXPONENT,
                    "exp(%s) is too large.".formatted(Numbers.text(mu + 10 * sigma)));
            countable(log ? Math.exp(mu + 10 * sigma) : Math.abs(mu) + 10 * sigma, q);
        }

        @Override
        public String value(double... at) {
            double inside = Math.clamp(at[0], LEAST_PROBABILITY, 1 - LEAST_PROBABILITY);
            double number = sigma == 0 ? mu : new NormalDistribution(mu, sigma).inverseCumulativeProbability(inside);
            return rounded(log ? Math.exp(number) : number, q);
        }
    }

    /** A whole number from 0 to below a bound. */
    record RandInt(long upper) implements Distribution {

        public RandInt {
            BadSweep.unless(upper > 0, "The upper bound of randint must be positive, not %d.".formatted(upper));
        }

        @Override
        public String value(double... at) {
            return Long.toString(Math.min(upper - 1, (long) (at[0] * upper)));
        }

        @Override
        public OptionalLong count() {
            return OptionalLong.of(upper);
        }
    }

    double LARGEST_EXPONENT = 700;

    /** Keeps the tails of a normal distribution finite. */
    double LEAST_PROBABILITY = 1e-12;

    static int index(double at, int size) {
        return Math.min(size - 1, (int) (at * size));
    }

    private static String rounded(double number, OptionalDouble q) {
        return q.isEmpty()
                ? Numbers.text(number)
                : Numbers.multiple(Math.rint(number / q.getAsDouble()) * q.getAsDouble(), q.getAsDouble());
    }

    private static void finite(double... numbers) {
        for (double number : numbers) {
            BadSweep.unless(
                    Double.isFinite(number),
                    "A distribution's parameters, and the width of its range, must be finite numbers.");
        }
    }

    /** The largest value must be a multiple of q that a number holds. */
    private static void countable(double largest, OptionalDouble q) {
        q.ifPresent(step -> BadSweep.unless(
                Double.isFinite(2 * largest / step) && Double.isFinite(2 * largest + step),
                "The quantization factor q %s does not suit values of up to %s."
                        .formatted(Numbers.text(step), Numbers.text(largest))));
    }

    private static void step(OptionalDouble q) {
        BadSweep.unless(
                q.isEmpty() || (Double.isFinite(q.getAsDouble()) && q.getAsDouble() > 0),
                "The quantization factor q must be positive.");
    }
}
