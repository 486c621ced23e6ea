package dev.malachite.server.runtime;

import java.util.ArrayDeque;
import java.util.Deque;

/** The end of what a program printed, short enough for a run's error: why it failed stands in its last lines. */
public final class LastLines {

    private static final int LINES = 20;
    private static final int WIDTH = 300;
    private static final int TOGETHER = 2_400;

    private final Deque<String> lines = new ArrayDeque<>();
    private int length;

    /** The next line; one that is too long keeps its beginning. */
    public void add(String line) {
        String kept = line.length() <= WIDTH ? line : line.substring(0, WIDTH) + "...";
        lines.addLast(kept);
        length += kept.length() + 1;
        while (lines.size() > LINES || length > TOGETHER) {
            length -= lines.removeFirst().length() + 1;
        }
    }

    /** The lines, oldest first. */
    public String text() {
        return String.join("\n", lines);
    }
}
