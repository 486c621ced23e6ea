package dev.malachite.engine;

/** A command that the rules do not allow; nothing has changed. */
public final class Refusal extends RuntimeException {

    /** What is wrong, in the sense of HTTP. */
    public enum Kind {
        INVALID,
        NOT_FOUND,
        CONFLICT
    }

    private final Kind kind;
    private final String code;

    public Refusal(Kind kind, String code, String message) {
        super(message, null, false, false);
        this.kind = kind;
        this.code = code;
    }

    public Kind kind() {
        return kind;
    }

    /** Azure's word, for example {@code Conflict}. */
    public String code() {
        return code;
    }

    /** The message, which is never missing here. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
