package dev.malachite.server.database;

import java.util.List;
import java.util.Optional;

/** A condition on a document, read from a client's text or put together by us; a {@link Schema} knows its fields. */
public sealed interface Filter {

    /** Holds when all hold; with none, always. */
    record All(List<Filter> parts) implements Filter {}

    /** Holds when one holds; with none, never. */
    record Any(List<Filter> parts) implements Filter {}

    /** Holds when the inner one does not. */
    record Not(Filter inner) implements Filter {}

    /**
     * Compares a field with a value.
     *
     * @param field as the client wrote it, for example {@code Tags/owner}
     * @param literal without quotes; empty for null
     */
    record Compare(String field, Operator operator, Optional<String> literal) implements Filter {}

    /** OData's comparisons. */
    enum Operator {
        EQ,
        NE,
        LT,
        LE,
        GT,
        GE
    }

    static Filter all(Filter... parts) {
        return new All(List.of(parts));
    }

    static Filter any(Filter... parts) {
        return new Any(List.of(parts));
    }

    static Filter eq(String field, String value) {
        return new Compare(field, Operator.EQ, Optional.of(value));
    }

    static Filter isNull(String field) {
        return new Compare(field, Operator.EQ, Optional.empty());
    }

    /** Reads a client's text; an empty one holds always, a wrong one is Azure's 400. */
    static Filter parse(String text) {
        return text.isBlank() ? all() : new FilterParser(text).parse();
    }
}
