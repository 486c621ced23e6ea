package dev.malachite.server.disk;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** Nothing can be written; nothing of what was asked for has been done. */
public final class DiskFull extends RuntimeException {

    /** The database's code for what its file could not be given room for. */
    private static final int NO_DISK_SPACE = 90100;

    DiskFull(String message) {
        super(message, null, false, false);
    }

    /** What a failure of the database or of a file comes from, if it comes from a disk that is really full. */
    public static Optional<DiskFull> behind(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (saysSo(cause)) {
                return Optional.of(new DiskFull(
                        "The disk is full; nothing was changed. Make room, or delete what is not needed."));
            }
        }
        return Optional.empty();
    }

    private static boolean saysSo(Throwable cause) {
        if (cause instanceof SQLException database && database.getErrorCode() == NO_DISK_SPACE) {
            return true;
        }
        String message = Optional.ofNullable(cause.getMessage()).orElse("").toLowerCase(Locale.ROOT);
        // The words of Linux and macOS, and those of Windows.
        return cause instanceof IOException
                && (message.contains("no space left on device") || message.contains("not enough space on the disk"));
    }

    /** What to tell people, which is never missing here. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
