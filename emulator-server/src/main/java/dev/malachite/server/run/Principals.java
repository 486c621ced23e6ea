package dev.malachite.server.run;

import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** Who makes a run. */
final class Principals {

    private static final String UNKNOWN = "Malachite user";

    private Principals() {}

    /** The caller's name; a request without a token has none. */
    static String name(@Nullable Principal principal) {
        return principal == null || principal.getName().isBlank() ? UNKNOWN : principal.getName();
    }
}
