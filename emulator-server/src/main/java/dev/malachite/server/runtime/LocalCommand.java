package dev.malachite.server.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Runs a program of this machine to its end, within a deadline, handing on what it prints. */
public final class LocalCommand {

    private LocalCommand() {}

    /**
     * How it ended.
     *
     * @param exitCode of the program
     * @param lastLines the end of what it printed, for a message
     */
    public record Result(int exitCode, String lastLines) {}

    /** Both streams go to {@code log}, line by line; the environment is our own. */
    public static Result run(List<String> command, Duration deadline, Consumer<String> log) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        AtomicBoolean late = new AtomicBoolean();
        CompletableFuture<Void> watchdog = CompletableFuture.runAsync(
                () -> {
                    late.set(process.isAlive());
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                },
                CompletableFuture.delayedExecutor(deadline.toMillis(), TimeUnit.MILLISECONDS));
        LastLines last = new LastLines();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            BoundedLines.read(lines, line -> {
                log.accept(line);
                last.add(line);
            });
            int code = process.waitFor();
            if (late.get()) {
                throw new IOException(command.getFirst() + " did not end within " + deadline.toMinutes() + " minutes");
            }
            return new Result(code, last.text());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while " + command.getFirst() + " ran", e);
        } finally {
            watchdog.cancel(false);
        }
    }
}
