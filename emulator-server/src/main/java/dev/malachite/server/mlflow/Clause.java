package dev.malachite.server.mlflow;

import java.util.List;
import java.util.Optional;

/**
 * One comparison of a search filter.
 *
 * @param values none, one, or a list's
 */
record Clause(Kind kind, String key, Op op, List<String> values) {

    enum Kind {
        METRIC,
        PARAM,
        TAG,
        ATTRIBUTE,
        DATASET
    }

    enum Op {
        EQ("="),
        NE("!="),
        GT(">"),
        GE(">="),
        LT("<"),
        LE("<="),
        LIKE("LIKE"),
        ILIKE("ILIKE"),
        IN("IN"),
        NOT_IN("NOT IN"),
        IS_NULL("IS NULL"),
        IS_NOT_NULL("IS NOT NULL");

        private final String text;

        Op(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }

        boolean ordered() {
            return switch (this) {
                case EQ, NE, GT, GE, LT, LE -> true;
                case LIKE, ILIKE, IN, NOT_IN, IS_NULL, IS_NOT_NULL -> false;
            };
        }
    }

    String value() {
        return values.getFirst();
    }

    double number() {
        return Double.parseDouble(value());
    }

    /** Whether text passes; what has none passes {@code IS NULL} only. */
    boolean test(Optional<String> text) {
        if (text.isEmpty()) {
            return op == Op.IS_NULL;
        }
        String left = text.get();
        return switch (op) {
            case EQ -> left.equals(value());
            case NE -> !left.equals(value());
            case GT -> left.compareTo(value()) > 0;
            case GE -> left.compareTo(value()) >= 0;
            case LT -> left.compareTo(value()) < 0;
            case LE -> left.compareTo(value()) <= 0;
            case LIKE -> like(value(), left);
            case ILIKE -> like(folded(value()), folded(left));
            case IN -> values.contains(left);
            case NOT_IN -> !values.contains(left);
            case IS_NULL -> false;
            case IS_NOT_NULL -> true;
        };
    }

    boolean test(double left) {
        return switch (op) {
            case EQ -> left == number();
            case NE -> left != number();
            case GT -> left > number();
            case GE -> left >= number();
            case LT -> left < number();
            case LE -> left <= number();
            case LIKE, ILIKE, IN, NOT_IN, IS_NULL, IS_NOT_NULL -> false;
        };
    }

    /** As SQL has it, without a regular expression: what {@code %} may stand for is tried from the last one only. */
    private static boolean like(String pattern, String text) {
        int[] wanted = pattern.codePoints().toArray();
        int[] there = text.codePoints().toArray();
        int at = 0;
        int next = 0;
        int any = -1;
        int taken = 0;
        while (at < there.length) {
            if (next < wanted.length && wanted[next] == '%') {
                any = next;
                next++;
                taken = at;
            } else if (next < wanted.length && (wanted[next] == '_' || wanted[next] == there[at])) {
                next++;
                at++;
            } else if (any >= 0) {
                next = any + 1;
                taken++;
                at = taken;
            } else {
                return false;
            }
        }
        while (next < wanted.length && wanted[next] == '%') {
            next++;
        }
        return next == wanted.length;
    }

    private static String folded(String text) {
        return text.codePoints()
                .map(Character::toUpperCase)
                .map(Character::toLowerCase)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
