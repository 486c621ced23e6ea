package dev.malachite.testkit.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An emulator that is a child process: on free ports of loopback, in a temporary folder that it takes with it. It ends with
 * {@link #close()} and, at the latest, with this JVM.
 */
public final class LocalEmulator implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Pattern READY = Pattern.compile("is ready: (http://\\S+?)/?$");
    private static final int TOLD = 15;

    private final Process process;
    private final Path folder;
    private final Thread atExit;
    private final Emulator emulator;

    private LocalEmulator(Process process, Path folder, Thread atExit, Emulator emulator) {
        this.process = process;
        this.folder = folder;
        this.atExit = atExit;
        this.emulator = emulator;
    }

    /**
     * Starts one from the emulator's jar. A Java 25 is looked for: this JVM, {@code JAVA_HOME}, the usual places.
     *
     * @param jar the file {@code malachite.jar}
     * @param runtime where it runs jobs
     * @throws IllegalStateException if there is no such file, no such Java, or it does not start; the message says what
     *     mends it
     */
    public static LocalEmulator fromJar(Path jar, JobRuntime runtime) {
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("There is no file " + jar.toAbsolutePath()
                    + "; build it with 'mvn -Dquick package -pl emulator-server -am', or name another.");
        }
        List<String> command = new ArrayList<>(List.of(
                NewJava.find().toString(),
                "-XX:+UseParallelGC",
                "-XX:MaxNewSize=128m",
                "-XX:TieredStopAtLevel=1",
                "-Dspring.aot.enabled=true",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                jar.toAbsolutePath().toString()));
        return start(command, runtime);
    }

    /**
     * Starts one with the launcher of a checkout, which builds what is missing.
     *
     * @param launcher the file {@code malachite}
     * @param runtime where it runs jobs
     * @throws IllegalStateException if there is no such program or it does not start
     */
    public static LocalEmulator fromLauncher(Path launcher, JobRuntime runtime) {
        if (!Files.isExecutable(launcher)) {
            throw new IllegalStateException(
                    "There is no program " + launcher.toAbsolutePath() + "; name the file 'malachite' of a checkout.");
        }
        return start(new ArrayList<>(List.of(launcher.toAbsolutePath().toString(), "up")), runtime);
    }

    /** Where it is. */
    public Emulator emulator() {
        return emulator;
    }

    /** Ends it and removes its folder. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // this JVM ends: the hook does it
        }
        end(process, folder);
    }

    private static LocalEmulator start(List<String> command, JobRuntime runtime) {
        Path folder = temporary();
        command.addAll(List.of(
                "--data",
                folder.resolve("data").toString(),
                "--in-memory",
                "--https-port",
                "0",
                "--http-port",
                "0",
                "--runtime",
                runtime.option()));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            remove(folder);
            throw new IllegalStateException("The emulator cannot be started: " + e.getMessage(), e);
        }
        Thread atExit = new Thread(() -> end(process, folder), "malachite-end");
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            return new LocalEmulator(process, folder, atExit, Emulator.at(ready(process, folder)));
        } catch (RuntimeException e) {
            Runtime.getRuntime().removeShutdownHook(atExit);
            end(process, folder);
            throw e;
        }
    }

    /** Reads what it prints, for as long as it runs; it says itself when it is ready, and where. */
    private static URI ready(Process process, Path folder) {
        CompletableFuture<URI> address = new CompletableFuture<>();
        Path log = folder.resolve("malachite.log");
        Thread reader = new Thread(() -> read(process, log, address), "malachite-output");
        reader.setDaemon(true);
        reader.start();
        try {
            return address.get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The emulator does not start. " + lastLines(log), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static void read(Process process, Path log, CompletableFuture<URI> address) {
        try (var lines = process.inputReader(StandardCharsets.UTF_8);
                var copy = Files.newBufferedWriter(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                copy.write(line + "\n");
                copy.flush();
                Matcher ready = READY.matcher(line);
                if (ready.find()) {
                    address.complete(URI.create(ready.group(1)));
                }
            }
            address.completeExceptionally(new IOException("It has ended"));
        } catch (IOException e) {
            address.completeExceptionally(e);
        }
    }

    private static String lastLines(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return "The last that it said:\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - TOLD), lines.size()));
        } catch (IOException e) {
            return "What it said cannot be read.";
        }
    }

    private static void end(Process process, Path folder) {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        remove(folder);
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("malachite-test-");
        } catch (IOException e) {
            throw new UncheckedIOException("There is no place for the emulator's files", e);
        }
    }

    /** What cannot be removed, the system's own tidying will. */
    private static void remove(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            Optional.ofNullable(e.getMessage())
                    .ifPresent(why -> System.err.println("malachite: " + folder + " stays: " + why));
        }
    }
}
