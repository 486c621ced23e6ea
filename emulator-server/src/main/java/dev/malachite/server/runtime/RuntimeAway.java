package dev.malachite.server.runtime;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The engine behind a runtime cannot be reached at the moment: nothing is known of its nodes, least of all that they are
 * lost, so whoever asked tries again. The message is for people.
 */
public abstract class RuntimeAway extends IOException {

    protected RuntimeAway(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
