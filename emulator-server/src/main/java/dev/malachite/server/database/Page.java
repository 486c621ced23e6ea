package dev.malachite.server.database;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted.
 *
 * @param skip how many come before
 * @param top at most how many, 1 or more
 */
public record Page(int skip, int top) {

    public static Page first(int top) {
        return new Page(0, top);
    }

    /**
     * What a client asks for.
     *
     * @param top null for as many as {@code max}; more than that is cut
     * @param token as an earlier answer gave it
     */
    public static Page of(@Nullable Integer top, @Nullable String token, int max) {
        if (top != null && top < 1) {
            throw new AzureException(Errors.invalidParameter("top", "it must be at least 1."));
        }
        int size = top == null ? max : Math.min(top, max);
        if (token == null || token.isBlank()) {
            return first(size);
        }
        try {
            int skip = Integer.parseInt(token);
            if (skip >= 0) {
                return new Page(skip, size);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new AzureException(Errors.invalidParameter("continuationToken", "it is not one that was handed out."));
    }
}
