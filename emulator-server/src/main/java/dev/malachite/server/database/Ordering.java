package dev.malachite.server.database;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import java.util.ArrayList;
import java.util.List;

/**
 * One key to sort by. What has no value yet, a run that has not started, counts as the latest.
 *
 * @param same whether all that is wanted has the same value, see {@link #same(String)}
 */
public record Ordering(String field, boolean descending, boolean same) {

    private static final int MAX = 8;

    public Ordering(String field, boolean descending) {
        this(field, descending, false);
    }

    /**
     * By a field that a filter has fixed already. It sorts nothing, but H2 walks along an index for a sorted page only
     * where the order begins with the index's own first columns; else it reads all that is wanted, and sorts that.
     */
    public static Ordering same(String field) {
        return new Ordering(field, false, true);
    }

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
