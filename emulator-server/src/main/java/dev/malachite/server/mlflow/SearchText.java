package dev.malachite.server.mlflow;

import dev.malachite.server.mlflow.Clause.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads MLflow's search filters, {@code metrics.acc > 0.9 and tags."a b" LIKE '%x'}, and its sort keys, {@code
 * metrics.acc DESC}.
 */
final class SearchText {

    private static final int LONGEST = 10_000;
    private static final int MOST = 50;

    /** A sort key. */
    record Order(Searchable.Field field, boolean descending) {}

    private final String text;
    private final Searchable searchable;
    private int at;

    private SearchText(String text, Searchable searchable) {
        this.text = text;
        this.searchable = searchable;
        if (text.length() > LONGEST) {
            throw MlflowErrors.invalid(
                    "The text has %d characters; at most %d are allowed.".formatted(text.length(), LONGEST));
        }
    }

    static List<Clause> filter(Optional<String> filter, Searchable searchable) {
        if (filter.isEmpty() || filter.get().isBlank()) {
            return List.of();
        }
        SearchText search = new SearchText(filter.get(), searchable);
        List<Clause> clauses = new ArrayList<>();
        do {
            clauses.add(search.clause());
            if (clauses.size() > MOST) {
                throw search.invalid("it has more than %d comparisons".formatted(MOST));
            }
        } while (search.word("and"));
        search.blanks();
        if (search.at < search.text.length()) {
            throw search.invalid("only comparisons joined by AND are expected");
        }
        return clauses;
    }

    static List<Order> order(List<String> keys, Searchable searchable) {
        if (keys.size() > MOST) {
            throw MlflowErrors.invalid("There are more than %d sort keys.".formatted(MOST));
        }
        List<Order> orders = new ArrayList<>();
        for (String key : keys) {
            SearchText search = new SearchText(key, searchable);
            Searchable.Field field = search.field();
            boolean descending = search.word("desc");
            if (!descending) {
                search.word("asc");
            }
            search.blanks();
            if (search.at < key.length()) {
                throw MlflowErrors.invalid("Invalid order_by clause '%s'. Could not be parsed.".formatted(key));
            }
            if (orders.stream().anyMatch(before -> before.field().equals(field))) {
                throw MlflowErrors.invalid("`order_by` contains duplicate fields: %s".formatted(keys));
            }
            orders.add(new Order(field, descending));
        }
        return orders;
    }

    private Clause clause() {
        Searchable.Field field = field();
        Op op = operator();
        return switch (op) {
            case IS_NULL, IS_NOT_NULL -> searchable.clause(field, op, List.of(), false);
            case IN, NOT_IN -> searchable.clause(field, op, list(), false);
            case EQ, NE, GT, GE, LT, LE, LIKE, ILIKE -> {
                blanks();
                boolean quoted = at < text.length() && (text.charAt(at) == '\'' || text.charAt(at) == '"');
                yield searchable.clause(field, op, List.of(quoted ? quoted() : number()), !quoted);
            }
        };
    }

    /** {@code metrics.acc}, {@code params.`a b`}, or a bare attribute; keys may have dots of their own. */
    private Searchable.Field field() {
        blanks();
        String first = part();
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            return searchable.field(first, key());
        }
        int dot = first.indexOf('.');
        return dot < 0
                ? searchable.field("", first)
                : searchable.field(first.substring(0, dot), first.substring(dot + 1));
    }

    private String key() {
        StringBuilder key = new StringBuilder(part());
        while (at < text.length() && text.charAt(at) == '.') {
            at++;
            key.append('.').append(part());
        }
        return key.toString();
    }

    private String part() {
        if (at < text.length() && (text.charAt(at) == '`' || text.charAt(at) == '"')) {
            return quoted();
        }
        int start = at;
        while (at < text.length() && isPlain(text.charAt(at))) {
            at++;
        }
        if (start == at) {
            throw invalid("a name is expected at %d".formatted(at + 1));
        }
        return text.substring(start, at);
    }

    private static boolean isPlain(char c) {
        return Character.isLetterOrDigit(c) || "_-/:@$#".indexOf(c) >= 0;
    }

    private Op operator() {
        blanks();
        for (Op op : List.of(Op.NE, Op.GE, Op.LE, Op.EQ, Op.GT, Op.LT)) {
            if (text.startsWith(op.text(), at)) {
                at += op.text().length();
                return op;
            }
        }
        if (word("like")) {
            return Op.LIKE;
        }
        if (word("ilike")) {
            return Op.ILIKE;
        }
        if (word("in")) {
            return Op.IN;
        }
        if (word("not") && word("in")) {
            return Op.NOT_IN;
        }
        if (word("is")) {
            boolean not = word("not");
            if (word("null")) {
                return not ? Op.IS_NOT_NULL : Op.IS_NULL;
            }
        }
        throw invalid("a comparison is expected at %d".formatted(at + 1));
    }

    private List<String> list() {
        blanks();
        if (at == text.length() || text.charAt(at) != '(') {
            throw invalid("a list in parentheses is expected");
        }
        List<String> values = new ArrayList<>();
        do {
            at++;
            blanks();
            values.add(quoted());
            blanks();
        } while (at < text.length() && text.charAt(at) == ',');
        if (at == text.length() || text.charAt(at) != ')') {
            throw invalid("the list is not closed");
        }
        at++;
        return values;
    }

    private String quoted() {
        char quote = at < text.length() ? text.charAt(at) : ' ';
        int end = text.indexOf(quote, at + 1);
        if ("'\"`".indexOf(quote) < 0 || end < 0) {
            throw invalid("a quoted string is expected at %d".formatted(at + 1));
        }
        StringBuilder value = new StringBuilder(text.substring(at + 1, end));
        // A quote that is doubled stands for itself.
        while (quote == '\'' && text.startsWith("''", end)) {
            int next = text.indexOf(quote, end + 2);
            if (next < 0) {
                break;
            }
            value.append('\'').append(text, end + 2, next);
            end = next;
        }
        at = end + 1;
        return value.toString();
    }

    private String number() {
        int start = at;
        while (at < text.length() && (isPlain(text.charAt(at)) || "+.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String value = text.substring(start, at);
        try {
            if (Double.isFinite(Double.parseDouble(value)) && Character.isDigit(value.charAt(value.length() - 1))) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw MlflowErrors.invalid(
                "Parameter value is either not quoted or unidentified quote types used for string value %s. Use either single or double quotes."
                        .formatted(value));
    }

    /** Takes the word if it is next, whatever its case. */
    private boolean word(String word) {
        blanks();
        int end = at + word.length();
        boolean there = text.regionMatches(true, at, word, 0, word.length())
                && (end == text.length() || !isPlain(text.charAt(end)));
        if (there) {
            at = end;
        }
        return there;
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private RuntimeException invalid(String why) {
        String shown = text.length() > 300 ? text.substring(0, 300) + "…" : text;
        return MlflowErrors.invalid("Invalid clause(s) in filter string: '%s': %s.".formatted(shown, why));
    }
}
