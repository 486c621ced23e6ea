package dev.malachite.server.fault;

import dev.malachite.server.web.Fields;
import java.util.Optional;
import java.util.SplittableRandom;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which requests a fault strikes.
 *
 * @param path over the request's path
 * @param method {@code GET}, {@code PUT} and so on; empty for all
 * @param probability from 0 to 1
 * @param seed makes the choice repeatable: the n-th request that fits has the same fate each time
 */
public record Where(Pattern path, Optional<String> method, double probability, long seed) {

    static Where read(Fields fields) {
        return new Where(
                new Pattern(fields.text("path").orElse("*")),
                fields.text("method"),
                fields.number("probability", 0, 1).orElse(1.0),
                fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(0L));
    }

    ObjectNode put(ObjectNode json) {
        return json.put("path", path.text())
                .put("method", method.orElse(null))
                .put("probability", probability)
                .put("seed", seed);
    }

    public boolean fits(String requestMethod, String requestPath) {
        return method.filter(wanted -> !wanted.equalsIgnoreCase(requestMethod)).isEmpty() && path.matches(requestPath);
    }

    /** Whether the {@code n}-th request that fits is struck. */
    public boolean strikes(long n) {
        return probability >= 1 || new SplittableRandom(seed * 0x9E3779B97F4A7C15L + n).nextDouble() < probability;
    }
}
