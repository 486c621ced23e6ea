package dev.malachite.engine;

import java.util.List;

/** Says what is wrong and with what, where something must hold and does not. */
final class Rule {

    private Rule() {}

    static void must(boolean holds, String offence, Object... found) {
        if (!holds) {
            throw new AssertionError(offence + ": " + List.of(found));
        }
    }
}
