package dev.malachite.server.blob;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A query string read without the servlet's own parameters, which would swallow a form-typed body and decode twice.
 *
 * @param values by lower-case name, decoded exactly once
 */
record Query(SortedMap<String, List<String>> values) {

    static Query of(@Nullable String raw) {
        SortedMap<String, List<String>> values = new TreeMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = Percent.decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : Percent.decode(pair.substring(equals + 1));
                if (!name.isEmpty()) {
                    values.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                            .add(value);
                }
            }
        }
        return new Query(values);
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name)).map(List::getFirst);
    }

    String text(String name) {
        return get(name).orElse("");
    }

    boolean has(String name, String value) {
        return text(name).equalsIgnoreCase(value);
    }

    /** As Azure signs it: names in order, several values of one name in order with commas. */
    String canonical() {
        StringBuilder canonical = new StringBuilder();
        for (Map.Entry<String, List<String>> entry : values.entrySet()) {
            canonical
                    .append('\n')
                    .append(entry.getKey())
                    .append(':')
                    .append(String.join(",", entry.getValue().stream().sorted().toList()));
        }
        return canonical.toString();
    }
}
