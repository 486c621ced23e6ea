package dev.malachite.testkit.client;

import dev.malachite.api.AzureError;

/** The emulator refused a call, or could not be asked. */
public final class MalachiteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    MalachiteException(String call, AzureError error) {
        super("%s: %s (%d): %s".formatted(call, error.code(), error.status(), error.message()));
        this.status = error.status();
        this.code = error.code();
    }

    MalachiteException(String call, String why, Throwable cause) {
        super(call + ": " + why, cause);
        this.status = 0;
        this.code = "Unreachable";
    }

    /** The HTTP status, 400 to 599; 0 when no answer came. */
    public int status() {
        return status;
    }

    /** Azure's code, for example {@code InvalidParameter}, or the emulator's own, such as {@code FaultNotFound}; {@code Unreachable} when no answer came. */
    public String code() {
        return code;
    }
}
