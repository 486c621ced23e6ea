package dev.malachite.server.sweep;

import dev.malachite.api.Errors;
import dev.malachite.engine.sweep.Distribution;
import dev.malachite.engine.sweep.Option;
import dev.malachite.engine.sweep.SearchSpace;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/**
 * Reads a search space, which both SDKs write in the same form: {@code {"lr": ["uniform", [0.01, 0.1]], "batch":
 * ["choice", [[16, 32]]]}}.
 */
final class SpaceReader {

    private static final int MOST_PARAMETERS = 200;
    private static final int MOST_OPTIONS = 10_000;
    private static final int DEEPEST = 5;

    private SpaceReader() {}

    static SearchSpace read(JsonNode space) {
        return read(space, 0);
    }

    private static SearchSpace read(JsonNode space, int depth) {
        if (!space.isObject() || space.isEmpty()) {
            throw bad("The search space is empty.");
        }
        checkSize(space);
        Map<String, Distribution> parameters = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> parameter : space.properties()) {
            parameters.put(parameter.getKey(), distribution(parameter.getKey(), parameter.getValue(), depth));
        }
        return new SearchSpace(parameters);
    }

    private static Distribution distribution(String name, JsonNode form, int depth) {
        JsonNode kind = form.path(0);
        JsonNode values = form.path(1);
        if (!form.isArray() || !kind.isString() || !values.isArray()) {
            throw bad("The parameter '%s' must have the form [\"distribution\", [parameters]], but is %s."
                    .formatted(name, shortened(form)));
        }
        String word = kind.stringValue().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "choice" -> choice(name, values, depth);
            case "randint" -> new Distribution.RandInt((long) number(name, values, 0));
            case "uniform", "loguniform", "quniform", "qloguniform" ->
                new Distribution.Uniform(
                        number(name, values, 0), number(name, values, 1), step(name, word, values), isLog(word));
            case "normal", "lognormal", "qnormal", "qlognormal" ->
                new Distribution.Normal(
                        number(name, values, 0), number(name, values, 1), step(name, word, values), isLog(word));
            default ->
                throw bad(
                        "The parameter '%s' has the distribution '%s'; known are choice, randint, uniform, loguniform, quniform, qloguniform, normal, lognormal, qnormal and qlognormal."
                                .formatted(name, kind.stringValue()));
        };
    }

    private static Distribution choice(String name, JsonNode values, int depth) {
        JsonNode options = values.path(0);
        if (!options.isArray()) {
            throw bad("The choice of the parameter '%s' must be a list of values.".formatted(name));
        }
        if (options.size() > MOST_OPTIONS) {
            throw bad("The choice of the parameter '%s' has more than %d values.".formatted(name, MOST_OPTIONS));
        }
        List<Option> read = new ArrayList<>();
        for (JsonNode option : options) {
            read.add(
                    isSpace(option) && depth < DEEPEST
                            ? new Option.Nested(nested(option, depth))
                            : new Option.Constant(Json.text(option)));
        }
        return new Distribution.Choice(read);
    }

    /** An option with distributions in it is a space of its own; what is constant in it is a choice of one. */
    private static SearchSpace nested(JsonNode option, int depth) {
        checkSize(option);
        Map<String, Distribution> parameters = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : option.properties()) {
            parameters.put(
                    member.getKey(),
                    isDistribution(member.getValue())
                            ? distribution(member.getKey(), member.getValue(), depth + 1)
                            : new Distribution.Choice(List.of(new Option.Constant(Json.text(member.getValue())))));
        }
        return new SearchSpace(parameters);
    }

    private static void checkSize(JsonNode space) {
        if (space.size() > MOST_PARAMETERS) {
            throw bad("The search space has more than %d parameters.".formatted(MOST_PARAMETERS));
        }
    }

    private static boolean isSpace(JsonNode option) {
        return option.isObject() && option.valueStream().anyMatch(SpaceReader::isDistribution);
    }

    private static boolean isDistribution(JsonNode value) {
        return value.isArray()
                && value.size() == 2
                && value.path(0).isString()
                && value.path(1).isArray();
    }

    private static boolean isLog(String word) {
        return word.contains("log");
    }

    private static OptionalDouble step(String name, String word, JsonNode values) {
        return word.startsWith("q") ? OptionalDouble.of(number(name, values, 2)) : OptionalDouble.empty();
    }

    private static double number(String name, JsonNode values, int place) {
        JsonNode value = values.path(place);
        if (!value.isNumber()) {
            throw bad("The distribution of the parameter '%s' lacks its number %d.".formatted(name, place + 1));
        }
        return value.doubleValue();
    }

    static AzureException bad(String why) {
        return new AzureException(Errors.userError(why));
    }

    private static String shortened(JsonNode form) {
        String text = Json.text(form);
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
