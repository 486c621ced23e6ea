package dev.malachite.engine.sweep;

import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.hipparchus.random.SobolSequenceGenerator;

/** Endless streams of points in the unit cube of a space; a point is a function of the seed and its number. */
final class Streams {

    /** What the tables of direction numbers of the Sobol sequence hold. */
    static final int MOST_SOBOL_DIMENSIONS = 1000;

    private Streams() {}

    static IntFunction<double[]> random(SearchSpace space, long seed) {
        int dimensions = space.dimensions();
        return number -> generator(seed, number).doubles(dimensions).toArray();
    }

    /** The seed moves all points by the same step round the cube, which leaves them as even as they were. */
    static IntFunction<double[]> sobol(SearchSpace space, long seed) {
        int dimensions = space.dimensions();
        double[] step = generator(seed, -1).doubles(dimensions).toArray();
        SobolSequenceGenerator sequence = new SobolSequenceGenerator(dimensions);
        return number -> {
            double[] point = sequence.skipTo(number);
            for (int i = 0; i < point.length; i++) {
                point[i] = (point[i] + step[i]) % 1;
            }
            return point;
        };
    }

    static SplittableRandom generator(long seed, int number) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number * 0xBF58476D1CE4E5B9L);
    }
}
