package dev.malachite.server.runtime;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Consumer;

/** Reads a program's lines to their end without letting it fill our memory or a log: what is too much is left out, and said. */
public final class BoundedLines {

    private static final int LONGEST = 16_384;
    private static final long MOST = 16L << 20;

    private BoundedLines() {}

    /** Hands on each line; returns at the end of what there is. */
    public static void read(Reader from, Consumer<String> to) throws IOException {
        char[] chunk = new char[8_192];
        StringBuilder line = new StringBuilder();
        long all = 0;
        boolean full = false;
        for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
            for (int i = 0; i < count && !full; i++) {
                char next = chunk[i];
                if (next == '\n' || line.length() == LONGEST) {
                    end(line, to);
                }
                if (next != '\n') {
                    line.append(next);
                }
                full = ++all > MOST;
            }
        }
        if (!line.isEmpty()) {
            end(line, to);
        }
        if (full) {
            to.accept(
                    "[malachite] The log is cut here: the program has printed more than %d MiB.".formatted(MOST >> 20));
        }
    }

    private static void end(StringBuilder line, Consumer<String> to) {
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
            line.setLength(length - 1);
        }
        to.accept(line.toString());
        line.setLength(0);
    }
}
