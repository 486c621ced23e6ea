package dev.malachite.server.runtime.docker;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * How much of what a container prints is kept, by us and by the engine.
 *
 * @param bytes of our copy
 */
record LogLimit(long bytes) {

    /** The engine's copy is JSON, which is a few times as big. It keeps two files: one can be full while the other is new. */
    private static final int ENGINE_FACTOR = 4;

    static LogLimit mib(int mib) {
        return new LogLimit((long) mib << 20);
    }

    Map<String, String> options() {
        return Map.of("max-size", Long.toString(bytes * ENGINE_FACTOR), "max-file", "2");
    }

    /** Stands at the end of a log that is not complete. */
    byte[] cut() {
        return line("The log is cut here: the job has printed more than %d MiB. It goes on.".formatted(bytes >> 20));
    }

    /** Stands where lines are missing. */
    static byte[] gap() {
        return line("Lines are missing here: the job printed more than the engine keeps while the emulator was away.");
    }

    private static byte[] line(String text) {
        return ("\n[malachite] " + text + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
