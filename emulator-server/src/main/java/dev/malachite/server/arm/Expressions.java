package dev.malachite.server.arm;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The few functions of Azure's template language that name a workspace and its place: {@code parameters, variables,
 * concat, format, toLower, toUpper, resourceGroup, subscription, resourceId}. Any other is refused by its name.
 */
final class Expressions {

    /** Variables may refer to variables: a circle must end, and so must parentheses in parentheses. */
    private static final int MAX_DEPTH = 50;

    private final ObjectNode parameters;
    private final ObjectNode variables;
    private final ResourceGroup group;
    private int depth;

    Expressions(ObjectNode parameters, ObjectNode variables, ResourceGroup group) {
        this.parameters = parameters;
        this.variables = variables;
        this.group = group;
    }

    /** The value with every expression in it replaced by what it says. */
    JsonNode evaluate(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode evaluated = Json.object();
                object.properties().forEach(member -> evaluated.set(member.getKey(), evaluate(member.getValue())));
                yield evaluated;
            }
            case ArrayNode array -> {
                ArrayNode evaluated = Json.array();
                array.forEach(element -> evaluated.add(evaluate(element)));
                yield evaluated;
            }
            case StringNode text -> evaluate(text);
            default -> node;
        };
    }

    private JsonNode evaluate(StringNode node) {
        String text = node.stringValue();
        if (text.startsWith("[[")) {
            return StringNode.valueOf(text.substring(1));
        }
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return node;
        }
        if (depth >= MAX_DEPTH) {
            throw refused("'%s' refers to itself.".formatted(text));
        }
        depth++;
        try {
            Reader reader = new Reader(text.substring(1, text.length() - 1));
            JsonNode value = reader.expression();
            reader.end();
            return value;
        } finally {
            depth--;
        }
    }

    private JsonNode call(String function, List<JsonNode> arguments) {
        return switch (function.toLowerCase(Locale.ROOT)) {
            case "parameters" -> member(parameters, function, arguments);
            case "variables" -> evaluate(member(variables, function, arguments));
            case "concat" ->
                StringNode.valueOf(arguments.stream().map(Expressions::text).collect(Collectors.joining()));
            case "format" -> format(arguments);
            case "tolower" -> StringNode.valueOf(text(only(function, arguments)).toLowerCase(Locale.ROOT));
            case "toupper" -> StringNode.valueOf(text(only(function, arguments)).toUpperCase(Locale.ROOT));
            case "resourcegroup" ->
                Json.object().put("id", group.armId()).put("name", group.name()).put("location", group.location());
            case "subscription" ->
                Json.object()
                        .put("id", "/subscriptions/" + group.subscription())
                        .put("subscriptionId", group.subscription());
            case "resourceid" -> resourceId(arguments);
            default -> throw refused("the function '%s' is not one that the emulator knows.".formatted(function));
        };
    }

    private static JsonNode member(ObjectNode from, String function, List<JsonNode> arguments) {
        String name = text(only(function, arguments));
        JsonNode value = Json.member(from, name);
        if (value.isMissingNode()) {
            throw refused("%s('%s') has no value.".formatted(function, name));
        }
        return value;
    }

    private static JsonNode format(List<JsonNode> arguments) {
        if (arguments.isEmpty()) {
            throw refused("'format' needs an argument.");
        }
        String text = text(arguments.get(0));
        for (int i = 1; i < arguments.size(); i++) {
            text = text.replace("{" + (i - 1) + "}", text(arguments.get(i)));
        }
        return StringNode.valueOf(text);
    }

    private JsonNode resourceId(List<JsonNode> arguments) {
        List<String> texts = arguments.stream().map(Expressions::text).toList();
        int at = 0;
        while (at < texts.size() && texts.get(at).indexOf('/') < 0) {
            at++;
        }
        if (at > 2 || at >= texts.size() - 1) {
            throw refused("'resourceId' needs a type and a name.");
        }
        String resourceGroup = at > 0 ? texts.get(at - 1) : group.name();
        String subscription = at > 1 ? texts.get(0) : group.subscription();
        String[] types = texts.get(at).split("/", -1);
        StringBuilder id = new StringBuilder(
                "/subscriptions/%s/resourceGroups/%s/providers/%s".formatted(subscription, resourceGroup, types[0]));
        for (int i = 1; i < types.length && at + i < texts.size(); i++) {
            id.append('/').append(types[i]).append('/').append(texts.get(at + i));
        }
        return StringNode.valueOf(id.toString());
    }

    private static JsonNode only(String function, List<JsonNode> arguments) {
        if (arguments.size() != 1) {
            throw refused("'%s' takes one argument.".formatted(function));
        }
        return arguments.get(0);
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.stringValue() : Json.text(value);
    }

    private static AzureException refused(String why) {
        return new AzureException(Errors.invalidTemplate(why));
    }

    /** Reads one expression from left to right. */
    private final class Reader {

        private final String text;
        private int at;
        private int nesting;

        Reader(String text) {
            this.text = text;
        }

        void end() {
            blanks();
            if (at < text.length()) {
                throw refused("'%s' is not understood.".formatted(text));
            }
        }

        JsonNode expression() {
            if (++nesting > MAX_DEPTH) {
                throw refused("the expression is nested too deeply.");
            }
            JsonNode value = value();
            nesting--;
            return value;
        }

        private JsonNode value() {
            blanks();
            if (at < text.length() && text.charAt(at) == '\'') {
                return StringNode.valueOf(literal());
            }
            String word = word();
            if (word.isEmpty()) {
                throw refused("'%s' is not understood.".formatted(text));
            }
            if (word.chars().allMatch(Character::isDigit)) {
                return StringNode.valueOf(word);
            }
            expect('(');
            JsonNode value = call(word, arguments());
            while (at < text.length() && text.charAt(at) == '.') {
                at++;
                value = Json.member(value, word());
            }
            return value;
        }

        private List<JsonNode> arguments() {
            List<JsonNode> arguments = new ArrayList<>();
            blanks();
            while (at < text.length() && text.charAt(at) != ')') {
                arguments.add(expression());
                blanks();
                if (at < text.length() && text.charAt(at) == ',') {
                    at++;
                }
            }
            expect(')');
            return arguments;
        }

        private String literal() {
            StringBuilder literal = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                boolean quote = c == '\'';
                if (quote && at + 1 < text.length() && text.charAt(at + 1) == '\'') {
                    at++;
                } else if (quote) {
                    at++;
                    return literal.toString();
                }
                literal.append(c);
            }
            throw refused("'%s' lacks a quote.".formatted(text));
        }

        private String word() {
            int start = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
                at++;
            }
            return text.substring(start, at);
        }

        private void expect(char c) {
            blanks();
            if (at >= text.length() || text.charAt(at) != c) {
                throw refused("'%s' is not understood.".formatted(text));
            }
            at++;
        }

        private void blanks() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }
    }
}
