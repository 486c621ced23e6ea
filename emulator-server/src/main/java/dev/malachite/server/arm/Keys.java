package dev.malachite.server.arm;

import java.util.Locale;

/** Names as the tables find them: without case. */
final class Keys {

    private Keys() {}

    static String of(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
