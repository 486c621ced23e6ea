package dev.malachite.server.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * How much of what a job prints is kept, by us and by an engine.
 *
 * @param bytes of our copy
 */
public record LogLimit(long bytes) {

    /** The engine's copy is JSON, which is a few times as big. It keeps two files: one can be full while the other is new. */
    private static final int ENGINE_FACTOR = 4;

    public static LogLimit mib(int mib) {
        return new LogLimit((long) mib << 20);
    }

    /** For a container of an engine. */
    public Map<String, String> options() {
        return Map.of("max-size", Long.toString(bytes * ENGINE_FACTOR), "max-file", "2");
    }

    /** Stands at the end of a log that is not complete. */
    public byte[] cut() {
        return line("The log is cut here: the job has printed more than %d MiB. It goes on.".formatted(bytes >> 20));
    }

    /** Cuts a log that its job writes by itself, always at its end: what it prints from now on comes after the cut. */
    public void cut(Path log) throws IOException {
        byte[] line = cut();
        if (!Files.exists(log) || Files.size(log) <= bytes + line.length) {
            return;
        }
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            file.truncate(bytes);
            file.write(ByteBuffer.wrap(line), bytes);
        }
    }

    /** Stands where lines are missing. */
    public static byte[] gap() {
        return line("Lines are missing here: the job printed more than the engine keeps while the emulator was away.");
    }

    private static byte[] line(String text) {
        return ("\n[malachite] " + text + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
