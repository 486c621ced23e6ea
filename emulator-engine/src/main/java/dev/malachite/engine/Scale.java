package dev.malachite.engine;

import java.time.Duration;

/**
 * How far a cluster grows and shrinks.
 *
 * @param min nodes that stay when idle, 0 or more
 * @param max nodes at most, at least {@code min}
 * @param idle how long a node must be idle without a break before it leaves
 */
public record Scale(int min, int max, Duration idle) {

    public Scale {
        if (min < 0 || max < min || idle.isNegative()) {
            throw new IllegalArgumentException("scale %d to %d after %s".formatted(min, max, idle));
        }
    }
}
