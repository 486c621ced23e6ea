package dev.malachite.server.disk;

/** Nothing can be written; nothing of what was asked for has been done. */
public final class DiskFull extends RuntimeException {

    DiskFull(String message) {
        super(message, null, false, false);
    }

    /** What to tell people, which is never missing here. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
