package dev.malachite.engine.sweep;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The parameters of a sweep and their values, in the order in which they were given. */
public record SearchSpace(Map<String, Distribution> parameters) {

    public SearchSpace {
        BadSweep.unless(!parameters.isEmpty(), "The search space is empty.");
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    int dimensions() {
        return parameters.values().stream().mapToInt(Distribution::dimensions).sum();
    }

    /** How many points there are; empty when they are beyond count. */
    public OptionalLong count() {
        return Counts.product(parameters.values().stream().map(Distribution::count));
    }

    /** The values at a point of the unit cube: by the parameter's name, as JSON. */
    Map<String, String> point(double... at) {
        Map<String, String> values = new LinkedHashMap<>();
        int from = 0;
        for (Map.Entry<String, Distribution> parameter : parameters.entrySet()) {
            int to = from + parameter.getValue().dimensions();
            values.put(parameter.getKey(), parameter.getValue().value(Arrays.copyOfRange(at, from, to)));
            from = to;
        }
        return values;
    }

    /** A point as a JSON object. */
    public static String json(Map<String, String> point) {
        return point.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String quoted(String name) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }
}
