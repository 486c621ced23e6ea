package dev.malachite.api;

import java.util.Objects;

/**
 * An error as Azure states it: a status, a code that programs switch on, and a message for people.
 *
 * @param status the HTTP status, 400 to 599; 5xx is never a user's mistake
 * @param code a PascalCase word, for example {@code ResourceNotFound}
 * @param message one or more sentences; names what was wrong and, where it is known, what is allowed
 */
public record AzureError(int status, String code, String message) {

    public AzureError {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("not an error status: " + status);
        }
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
    }
}
