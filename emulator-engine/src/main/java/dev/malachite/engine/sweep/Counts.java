package dev.malachite.engine.sweep;

import java.util.OptionalLong;
import java.util.stream.Stream;

/** Numbers of possibilities: empty is without end, and what no long holds counts as that. */
final class Counts {

    private Counts() {}

    static OptionalLong sum(Stream<OptionalLong> counts) {
        return counts.reduce(OptionalLong.of(0), (a, b) -> both(a, b, Math::addExact));
    }

    static OptionalLong product(Stream<OptionalLong> counts) {
        return counts.reduce(OptionalLong.of(1), (a, b) -> both(a, b, Math::multiplyExact));
    }

    private interface Exactly {
        long of(long a, long b);
    }

    private static OptionalLong both(OptionalLong a, OptionalLong b, Exactly how) {
        if (a.isEmpty() || b.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(how.of(a.getAsLong(), b.getAsLong()));
        } catch (ArithmeticException e) {
            return OptionalLong.empty();
        }
    }
}
