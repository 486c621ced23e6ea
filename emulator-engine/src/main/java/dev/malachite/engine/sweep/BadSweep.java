package dev.malachite.engine.sweep;

/** A sweep that makes no sense; its message is for the user who asked for it. */
public final class BadSweep extends RuntimeException {

    BadSweep(String message) {
        super(message, null, false, false);
    }

    static void unless(boolean holds, String message) {
        if (!holds) {
            throw new BadSweep(message);
        }
    }

    /** The message, which is never missing here. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
