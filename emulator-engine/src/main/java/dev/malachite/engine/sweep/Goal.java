package dev.malachite.engine.sweep;

import java.util.Collection;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Whether a metric is better the greater or the smaller it is. */
public enum Goal {
    MAXIMIZE,
    MINIMIZE;

    public boolean better(double a, double b) {
        return this == MAXIMIZE ? a > b : a < b;
    }

    /** An order that begins with the best. */
    public <T> Comparator<T> bestFirst(ToDoubleFunction<T> value) {
        Comparator<T> ascending = Comparator.comparingDouble(value);
        return this == MAXIMIZE ? ascending.reversed() : ascending;
    }

    /** The best of what was reported; what is not a number is never it. */
    public OptionalDouble best(Collection<Double> values) {
        var numbers = values.stream().filter(value -> !value.isNaN()).mapToDouble(Double::doubleValue);
        return this == MAXIMIZE ? numbers.max() : numbers.min();
    }
}
