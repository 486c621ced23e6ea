package dev.malachite.server.database;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Filter.Operator;
import dev.malachite.server.web.AzureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the OData dialect of run history's clients. Beyond OData, azureml-core leaves values unquoted
 * ({@code Status eq Running}, times with a blank in them) or sets them in double quotes.
 */
final class FilterParser {

    private static final int MAX_LENGTH = 64 * 1024;
    private static final int MAX_TERMS = 1_000;
    private static final int MAX_DEPTH = 32;

    private enum Kind {
        OPEN,
        CLOSE,
        WORD,
        QUOTED,
        END
    }

    private record Token(Kind kind, String text, int at) {

        boolean is(String word) {
            return kind == Kind.WORD && text.equalsIgnoreCase(word);
        }
    }

    private final List<Token> tokens;
    private int next;
    private int terms;

    FilterParser(String text) {
        if (text.length() > MAX_LENGTH) {
            throw bad("it is longer than " + MAX_LENGTH + " characters.");
        }
        this.tokens = tokens(text);
    }

    Filter parse() {
        Filter filter = any(0);
        if (peek().kind() != Kind.END) {
            throw unexpected(peek());
        }
        return filter;
    }

    private Filter any(int depth) {
        List<Filter> parts = new ArrayList<>();
        parts.add(all(depth));
        while (peek().is("or")) {
            next++;
            parts.add(all(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new Filter.Any(List.copyOf(parts));
    }

    private Filter all(int depth) {
        List<Filter> parts = new ArrayList<>();
        parts.add(unary(depth));
        while (peek().is("and")) {
            next++;
            parts.add(unary(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new Filter.All(List.copyOf(parts));
    }

    private Filter unary(int depth) {
        if (depth > MAX_DEPTH) {
            throw bad("it is nested deeper than " + MAX_DEPTH + " levels.");
        }
        Token token = peek();
        if (token.is("not")) {
            next++;
            return new Filter.Not(unary(depth + 1));
        }
        if (token.kind() == Kind.OPEN) {
            next++;
            Filter inner = any(depth + 1);
            take(Kind.CLOSE);
            return inner;
        }
        return comparison();
    }

    private Filter comparison() {
        if (++terms > MAX_TERMS) {
            throw bad("it has more than " + MAX_TERMS + " comparisons.");
        }
        StringBuilder field = new StringBuilder(take(Kind.WORD).text());
        while (peek().kind() == Kind.WORD && operator(peek()).isEmpty()) {
            // Names of tags may hold blanks, and the SDK does not quote them.
            field.append(' ').append(take(Kind.WORD).text());
        }
        Operator operator = operator(peek()).orElseThrow(() -> unexpected(peek()));
        next++;
        return new Filter.Compare(field.toString(), operator, literal());
    }

    private Optional<String> literal() {
        Token token = peek();
        if (token.kind() == Kind.QUOTED) {
            next++;
            return Optional.of(token.text());
        }
        StringBuilder text = new StringBuilder(take(Kind.WORD).text());
        while (peek().kind() == Kind.WORD && !peek().is("and") && !peek().is("or")) {
            text.append(' ').append(take(Kind.WORD).text());
        }
        return text.toString().equals("null") ? Optional.empty() : Optional.of(text.toString());
    }

    private static Optional<Operator> operator(Token token) {
        if (token.kind() != Kind.WORD) {
            return Optional.empty();
        }
        return switch (token.text().toLowerCase(Locale.ROOT)) {
            case "eq" -> Optional.of(Operator.EQ);
            case "ne" -> Optional.of(Operator.NE);
            case "lt" -> Optional.of(Operator.LT);
            case "le" -> Optional.of(Operator.LE);
            case "gt" -> Optional.of(Operator.GT);
            case "ge" -> Optional.of(Operator.GE);
            default -> Optional.empty();
        };
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take(Kind kind) {
        Token token = peek();
        if (token.kind() != kind) {
            throw unexpected(token);
        }
        next++;
        return token;
    }

    private static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '(' || c == ')') {
                tokens.add(new Token(c == '(' ? Kind.OPEN : Kind.CLOSE, String.valueOf(c), at));
                at++;
            } else if (c == '\'' || c == '"') {
                int end = closingQuote(text, at);
                String quote = String.valueOf(c);
                tokens.add(new Token(Kind.QUOTED, text.substring(at + 1, end).replace(quote + quote, quote), at));
                at = end + 1;
            } else {
                int end = at;
                while (end < text.length() && !isBoundary(text.charAt(end))) {
                    end++;
                }
                tokens.add(new Token(Kind.WORD, text.substring(at, end), at));
                at = end;
            }
        }
        tokens.add(new Token(Kind.END, "the end", text.length()));
        return tokens;
    }

    private static int closingQuote(String text, int start) {
        char quote = text.charAt(start);
        int at = start + 1;
        while (at < text.length()) {
            if (text.charAt(at) != quote) {
                at++;
            } else if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
                at += 2;
            } else {
                return at;
            }
        }
        throw bad("the quote at position " + start + " is not closed.");
    }

    private static boolean isBoundary(char c) {
        return Character.isWhitespace(c) || c == '(' || c == ')' || c == '\'' || c == '"';
    }

    private static AzureException unexpected(Token token) {
        return bad("'%s' is not expected at position %d.".formatted(token.text(), token.at()));
    }

    private static AzureException bad(String why) {
        return new AzureException(Errors.invalidParameter("filter", why));
    }
}
