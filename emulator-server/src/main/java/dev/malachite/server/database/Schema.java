package dev.malachite.server.database;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Filter.Operator;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.Expression;
import jakarta.persistence.criteria.Path;
import jakarta.persistence.criteria.Predicate;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.StringNode;

/**
 * The fields by which one kind of document can be filtered and sorted. Every condition is either true or false, never
 * SQL's unknown, so that {@code not} means what it says.
 *
 * @param columns by the client's name in lower case
 * @param maps columns that hold a flat JSON object of strings, by the client's prefix in lower case, for example
 *     {@code tags} for {@code Tags/owner}
 */
public record Schema(Map<String, Column> columns, Map<String, String> maps) {

    /**
     * One field.
     *
     * @param attribute of the entity; dots lead into an embedded one
     */
    public record Column(String attribute, Type type) {}

    /** How a field's values compare. */
    public enum Type {
        TEXT,
        /** Text that is compared without case. */
        NAME,
        TIME,
        FLAG,
        NUMBER
    }

    Predicate predicate(Filter filter, Path<?> root, CriteriaBuilder builder) {
        return switch (filter) {
            case Filter.All(var parts) ->
                builder.and(parts.stream()
                        .map(part -> predicate(part, root, builder))
                        .toList());
            case Filter.Any(var parts) ->
                builder.or(parts.stream()
                        .map(part -> predicate(part, root, builder))
                        .toList());
            case Filter.Not(var inner) -> builder.not(predicate(inner, root, builder));
            case Filter.Compare compare -> compare(compare, root, builder);
        };
    }

    private Predicate compare(Filter.Compare compare, Path<?> root, CriteriaBuilder builder) {
        int slash = compare.field().indexOf('/');
        if (slash > 0) {
            String column = maps.get(compare.field().substring(0, slash).toLowerCase(Locale.ROOT));
            if (column != null) {
                return member(compare, compare.field().substring(slash + 1), root.get(column), builder);
            }
        }
        Column column = column(compare.field());
        Path<?> path = path(root, column.attribute());
        Optional<String> literal = compare.literal();
        if (literal.isEmpty()) {
            return switch (compare.operator()) {
                case EQ -> builder.isNull(path);
                case NE -> builder.isNotNull(path);
                case LT, LE, GT, GE -> throw bad("null can only be compared by eq and ne.");
            };
        }
        String text = literal.get();
        return switch (column.type()) {
            case TEXT -> ordered(compare.operator(), Schema.<String>typed(path), path, text, builder);
            case NAME ->
                ordered(
                        compare.operator(),
                        builder.lower(Schema.<String>typed(path)),
                        path,
                        text.toLowerCase(Locale.ROOT),
                        builder);
            case TIME -> ordered(compare.operator(), typed(path), path, time(text), builder);
            case NUMBER -> ordered(compare.operator(), typed(path), path, number(text), builder);
            case FLAG -> ordered(compare.operator(), typed(path), path, flag(text), builder);
        };
    }

    private static <V extends Comparable<? super V>> Predicate ordered(
            Operator operator, Expression<V> left, Path<?> path, V right, CriteriaBuilder builder) {
        return switch (operator) {
            case EQ -> builder.and(builder.isNotNull(path), builder.equal(left, right));
            case NE -> builder.or(builder.isNull(path), builder.notEqual(left, right));
            case LT -> builder.and(builder.isNotNull(path), builder.lessThan(left, right));
            case LE -> builder.and(builder.isNotNull(path), builder.lessThanOrEqualTo(left, right));
            case GT -> builder.and(builder.isNotNull(path), builder.greaterThan(left, right));
            case GE -> builder.and(builder.isNotNull(path), builder.greaterThanOrEqualTo(left, right));
        };
    }

    /**
     * A member of a JSON object, found in its text: we wrote it without blanks, and a quote inside a string is escaped,
     * so {@code "key":"value"} can stand nowhere else. A member that is missing is neither equal nor unequal to
     * anything: azureml-core asks "has the tag" as {@code (Tags/x ne null or Tags/x eq null)}.
     */
    private static Predicate member(Filter.Compare compare, String key, Path<String> json, CriteriaBuilder builder) {
        String start = Json.text(StringNode.valueOf(key)) + ":";
        Predicate present = holds(json, start, builder);
        Predicate equal = holds(
                json,
                start
                        + compare.literal()
                                .map(value -> Json.text(StringNode.valueOf(value)))
                                .orElse("null"),
                builder);
        return switch (compare.operator()) {
            case EQ -> equal;
            case NE -> builder.and(present, builder.not(equal));
            case LT, LE, GT, GE -> throw bad("'" + compare.field() + "' can only be compared by eq and ne.");
        };
    }

    private static Predicate holds(Path<String> json, String part, CriteriaBuilder builder) {
        return builder.gt(builder.locate(json, part), 0);
    }

    Path<?> sortPath(Path<?> root, String field) {
        return path(root, column(field).attribute());
    }

    private Column column(String field) {
        Column column = columns.get(field.toLowerCase(Locale.ROOT));
        if (column == null) {
            throw bad("'%s' is not a field to filter or sort by; there are %s."
                    .formatted(
                            field,
                            String.join(", ", columns.keySet().stream().sorted().toList())));
        }
        return column;
    }

    private static Path<?> path(Path<?> root, String attribute) {
        Path<?> path = root;
        for (String part : attribute.split("\\.", -1)) {
            path = path.get(part);
        }
        return path;
    }

    @SuppressWarnings("unchecked") // The schema says what type the attribute has; as() would render a cast.
    private static <V> Expression<V> typed(Path<?> path) {
        return (Expression<V>) path;
    }

    private static Instant time(String text) {
        return Times.parse(text).orElseThrow(() -> bad("'" + text + "' is not a time."));
    }

    private static Long number(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw bad("'" + text + "' is not a whole number.");
        }
    }

    private static Boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad("'" + text + "' is neither true nor false.");
        };
    }

    private static AzureException bad(String why) {
        return new AzureException(Errors.invalidParameter("filter", why));
    }
}
