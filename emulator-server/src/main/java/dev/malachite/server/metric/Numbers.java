package dev.malachite.server.metric;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.StringNode;

/** Numbers as JSON holds them; what JSON has no number for is written as protobuf writes it. */
public final class Numbers {

    private Numbers() {}

    /** A number, or one of the three words; nothing else counts as a number, text with digits neither. */
    public static Optional<Double> read(JsonNode node) {
        if (node.isNumber()) {
            return Optional.of(node.doubleValue());
        }
        return switch (node.isString() ? node.stringValue() : "") {
            case "NaN" -> Optional.of(Double.NaN);
            case "Infinity" -> Optional.of(Double.POSITIVE_INFINITY);
            case "-Infinity" -> Optional.of(Double.NEGATIVE_INFINITY);
            default -> Optional.empty();
        };
    }

    public static JsonNode write(double value) {
        return Double.isFinite(value) ? DoubleNode.valueOf(value) : StringNode.valueOf(Double.toString(value));
    }
}
