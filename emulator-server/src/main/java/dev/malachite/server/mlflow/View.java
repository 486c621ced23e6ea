package dev.malachite.server.mlflow;

import java.util.Locale;
import java.util.Optional;

/** Which lifecycle stages a search looks at. */
enum View {
    ACTIVE_ONLY,
    DELETED_ONLY,
    ALL;

    /** As a word or as its number in the protocol, from 1. */
    static View of(Asked asked, String name) {
        Optional<String> word =
                asked.message().path(name).isNumber() ? asked.whole(name).map(String::valueOf) : asked.given(name);
        return switch (word.orElse("ACTIVE_ONLY").toUpperCase(Locale.ROOT)) {
            case "ACTIVE_ONLY", "1" -> ACTIVE_ONLY;
            case "DELETED_ONLY", "2" -> DELETED_ONLY;
            case "ALL", "3" -> ALL;
            default ->
                throw MlflowErrors.invalid(
                        "Invalid value for parameter '%s' supplied: it is one of ACTIVE_ONLY, DELETED_ONLY and ALL."
                                .formatted(name));
        };
    }

    /** Whether what is wanted is archived; empty for both. */
    Optional<Boolean> hidden() {
        return switch (this) {
            case ACTIVE_ONLY -> Optional.of(false);
            case DELETED_ONLY -> Optional.of(true);
            case ALL -> Optional.empty();
        };
    }
}
