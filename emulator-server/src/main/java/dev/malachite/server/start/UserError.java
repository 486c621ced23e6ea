package dev.malachite.server.start;

/** A start that cannot be, for a reason that the user can mend; the message says how and is all that is printed. */
public final class UserError extends RuntimeException {

    public UserError(String message) {
        super(message, null, false, false);
    }
}
