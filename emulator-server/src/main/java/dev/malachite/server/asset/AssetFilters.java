package dev.malachite.server.asset;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Filter;
import dev.malachite.server.database.Filter.Operator;
import dev.malachite.server.web.AzureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what lists of assets can be narrowed by. */
public final class AssetFilters {

    private static final int MAX_ATTRIBUTES = 50;

    private AssetFilters() {}

    /**
     * All of {@code one,two=value} must be there.
     *
     * @param map {@code tags} or {@code properties}
     */
    public static Filter attributes(String map, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return Filter.all();
        }
        List<Filter> parts = new ArrayList<>();
        for (String pair : text.split(",", -1)) {
            if (pair.isBlank()) {
                continue;
            }
            if (parts.size() == MAX_ATTRIBUTES) {
                throw new AzureException(
                        Errors.invalidParameter(map, "there are more than %d to look for.".formatted(MAX_ATTRIBUTES)));
            }
            int equals = pair.indexOf('=');
            parts.add(attribute(
                    map,
                    equals < 0 ? pair.strip() : pair.substring(0, equals).strip(),
                    equals < 0
                            ? Optional.empty()
                            : Optional.of(pair.substring(equals + 1).strip())));
        }
        return new Filter.All(parts);
    }

    /**
     * One tag or property.
     *
     * @param value empty for any
     */
    public static Filter attribute(String map, String key, Optional<String> value) {
        String field = map + "/" + key;
        return value.isPresent()
                ? Filter.eq(field, value.get())
                : Filter.any(new Filter.Compare(field, Operator.NE, Optional.empty()), Filter.isNull(field));
    }

    static Filter when(String field, @Nullable String value) {
        return value == null || value.isBlank() ? Filter.all() : Filter.eq(field, value);
    }
}
