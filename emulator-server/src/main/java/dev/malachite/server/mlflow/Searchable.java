package dev.malachite.server.mlflow;

import dev.malachite.server.mlflow.Clause.Kind;
import dev.malachite.server.mlflow.Clause.Op;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one kind of thing can be searched by.
 *
 * @param kinds besides attributes
 * @param texts attributes that are text, by what they may be called
 * @param numbers attributes that are numbers, by what they may be called
 * @param lists attributes that can be compared with a list
 */
record Searchable(Set<Kind> kinds, Map<String, String> texts, Map<String, String> numbers, Set<String> lists) {

    private static final Map<String, Kind> ENTITIES = Map.ofEntries(
            Map.entry("metric", Kind.METRIC),
            Map.entry("metrics", Kind.METRIC),
            Map.entry("parameter", Kind.PARAM),
            Map.entry("parameters", Kind.PARAM),
            Map.entry("param", Kind.PARAM),
            Map.entry("params", Kind.PARAM),
            Map.entry("tag", Kind.TAG),
            Map.entry("tags", Kind.TAG),
            Map.entry("attribute", Kind.ATTRIBUTE),
            Map.entry("attributes", Kind.ATTRIBUTE),
            Map.entry("attr", Kind.ATTRIBUTE),
            Map.entry("run", Kind.ATTRIBUTE),
            Map.entry("dataset", Kind.DATASET),
            Map.entry("datasets", Kind.DATASET));

    private static final Set<String> DATASET = Set.of("name", "digest", "context");

    /** The database tries what each may stand for. */
    private static final int MOST_WILDCARDS = 3;

    /** Which thing an identifier names; a bare word is an attribute. */
    record Field(Kind kind, String key) {}

    /**
     * @param entity what stands before the first dot, or empty
     * @param key what stands after it
     */
    Field field(String entity, String key) {
        Kind kind = entity.isEmpty() ? Kind.ATTRIBUTE : ENTITIES.get(entity);
        if (kind == null || (kind != Kind.ATTRIBUTE && !kinds.contains(kind))) {
            throw MlflowErrors.invalid("Invalid entity type '%s'. Valid values are %s."
                    .formatted(entity, "attribute, " + String.join(", ", names())));
        }
        if (kind == Kind.ATTRIBUTE) {
            String known = texts.containsKey(key) ? texts.get(key) : numbers.get(key);
            if (known == null) {
                Set<String> valid = new TreeSet<>(texts.keySet());
                valid.addAll(numbers.keySet());
                throw MlflowErrors.invalid("Invalid attribute key '%s' specified. Valid keys are '%s'."
                        .formatted(key, String.join("', '", valid)));
            }
            return new Field(kind, known);
        }
        if (kind == Kind.DATASET && !DATASET.contains(key)) {
            throw MlflowErrors.invalid("Invalid dataset key '%s' specified. Valid keys are '%s'."
                    .formatted(key, String.join("', '", new TreeSet<>(DATASET))));
        }
        return new Field(kind, key);
    }

    boolean isNumber(Field field) {
        return field.kind() == Kind.METRIC || (field.kind() == Kind.ATTRIBUTE && numbers.containsValue(field.key()));
    }

    /** The comparison, if it means anything. */
    Clause clause(Field field, Op op, List<String> values, boolean number) {
        boolean takes = isNumber(field)
                ? op.ordered()
                : switch (op) {
                    case EQ, NE, LIKE, ILIKE -> true;
                    case GT, GE, LT, LE -> false;
                    case IN, NOT_IN ->
                        field.kind() == Kind.DATASET || (field.kind() == Kind.ATTRIBUTE && lists.contains(field.key()));
                    case IS_NULL, IS_NOT_NULL -> field.kind() == Kind.TAG || field.kind() == Kind.PARAM;
                };
        if (!takes) {
            throw MlflowErrors.invalid("Invalid comparator '%s' for '%s'.".formatted(op.text(), field.key()));
        }
        if (isNumber(field) && !number) {
            throw MlflowErrors.invalid("Expected numeric value type for '%s'. Found %s".formatted(field.key(), values));
        }
        if (!isNumber(field) && number) {
            throw MlflowErrors.invalid("Expected a quoted string value for '%s' (e.g. 'my-value'). Got value %s"
                    .formatted(field.key(), values.getFirst()));
        }
        boolean pattern = op == Op.LIKE || op == Op.ILIKE;
        if (pattern && values.getFirst().chars().filter(c -> c == '%').count() > MOST_WILDCARDS) {
            throw MlflowErrors.invalid(
                    "The pattern for '%s' has more than %d '%%'.".formatted(field.key(), MOST_WILDCARDS));
        }
        return new Clause(field.kind(), field.key(), op, values);
    }

    private List<String> names() {
        return kinds.stream()
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }
}
