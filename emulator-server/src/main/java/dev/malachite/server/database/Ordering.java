package dev.malachite.server.database;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import java.util.ArrayList;
import java.util.List;

/** One key to sort by. What has no value yet, a run that has not started, counts as the latest. */
public record Ordering(String field, boolean descending) {

    private static final int MAX = 8;

    /** Reads {@code StartTimeUtc desc, RunId}; empty text sorts by nothing. */
    public static List<Ordering> parse(String text) {
        List<Ordering> orderings = new ArrayList<>();
        for (String key : text.split(",", -1)) {
            if (key.isBlank()) {
                continue;
            }
            String[] words = key.strip().split("\\s+", -1);
            boolean descending = words.length == 2 && words[1].equalsIgnoreCase("desc");
            boolean ascending = words.length == 1 || (words.length == 2 && words[1].equalsIgnoreCase("asc"));
            if ((!ascending && !descending) || orderings.size() == MAX) {
                throw new AzureException(Errors.invalidParameter(
                        "orderby", "up to %d fields are expected, each with an optional asc or desc.".formatted(MAX)));
            }
            orderings.add(new Ordering(words[0], descending));
        }
        return List.copyOf(orderings);
    }
}
