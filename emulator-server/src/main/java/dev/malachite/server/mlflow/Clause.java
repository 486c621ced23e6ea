package dev.malachite.server.mlflow;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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
            case LIKE -> like(value(), 0).matcher(left).matches();
            case ILIKE ->
                like(value(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                        .matcher(left)
                        .matches();
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

    private static Pattern like(String pattern, int flags) {
        StringBuilder regex = new StringBuilder();
        pattern.codePoints()
                .forEach(c -> regex.append(
                        switch (c) {
                            case '%' -> ".*";
                            case '_' -> ".";
                            default -> Pattern.quote(Character.toString(c));
                        }));
        return Pattern.compile(regex.toString(), flags | Pattern.DOTALL);
    }
}
