package dev.malachite.server.job;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The end of a log, for the error of a job that failed. */
final class LogTail {

    private static final int MAX_BYTES = 2_600; // what a run keeps of an error is 3 000
    private static final int MAX_LINES = 25;

    private LogTail() {}

    static String read(Path log) {
        if (!Files.isRegularFile(log)) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - MAX_BYTES);
            file.seek(from);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.readFully(bytes);
            List<String> lines = Arrays.asList(
                    new String(bytes, StandardCharsets.UTF_8).stripTrailing().split("\n", -1));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }
}
