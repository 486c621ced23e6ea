package dev.malachite.engine.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts through all combinations of choices, those of nested spaces too. */
final class GridWalk {

    private GridWalk() {}

    static void check(SearchSpace space) {
        space.parameters().forEach((name, distribution) -> {
            BadSweep.unless(
                    distribution instanceof Distribution.Choice,
                    "Grid sampling supports 'choice' only; the parameter '%s' has another distribution."
                            .formatted(name));
            ((Distribution.Choice) distribution).options().forEach(option -> {
                if (option instanceof Option.Nested nested) {
                    check(nested.space());
                }
            });
        });
    }

    static Optional<Map<String, String>> point(SearchSpace space, long number) {
        long all = space.count().orElse(Long.MAX_VALUE);
        return number < all ? Optional.of(at(space, number)) : Optional.empty();
    }

    private static Map<String, String> at(SearchSpace space, long number) {
        List<Map.Entry<String, Distribution>> parameters =
                new ArrayList<>(space.parameters().entrySet());
        Map<String, String> backwards = new LinkedHashMap<>();
        long rest = number;
        for (Map.Entry<String, Distribution> parameter : parameters.reversed()) {
            long count = parameter.getValue().count().orElseThrow();
            backwards.put(parameter.getKey(), value((Distribution.Choice) parameter.getValue(), rest % count));
            rest /= count;
        }
        Map<String, String> values = new LinkedHashMap<>();
        parameters.forEach(
                parameter -> values.put(parameter.getKey(), backwards.getOrDefault(parameter.getKey(), "null")));
        return values;
    }

    private static String value(Distribution.Choice choice, long number) {
        long rest = number;
        for (Option option : choice.options()) {
            long count = option.count().orElseThrow();
            if (rest < count) {
                return switch (option) {
                    case Option.Constant constant -> constant.json();
                    case Option.Nested nested -> SearchSpace.json(at(nested.space(), rest));
                };
            }
            rest -= count;
        }
        throw new IllegalStateException("a choice has fewer values than it counts");
    }
}
