package dev.malachite.server.runtime.process;

import dev.malachite.engine.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The folder that is a node of the process runtime, one for each generation. */
record NodeFolder(NodeId node, int generation, Path root) {

    /** How far the start of a process and the file that it wrote first may lie apart. */
    private static final Duration NEAR = Duration.ofSeconds(5);

    /** Ours: the job file, the keeper's notes. */
    Path state() {
        return root.resolve("state");
    }

    Path work() {
        return root.resolve("work");
    }

    /** Inputs and named outputs. */
    Path data() {
        return root.resolve("data");
    }

    Path home() {
        return root.resolve("home");
    }

    Path temp() {
        return root.resolve("tmp");
    }

    void create() throws IOException {
        // The job file holds the run's token.
        Folders.createPrivate(root);
        for (Path folder : new Path[] {state(), work(), data(), home(), temp()}) {
            Files.createDirectories(folder);
        }
    }

    /** Whether a keeper has taken the job: from then on it is never started again. */
    boolean taken() {
        return Files.isDirectory(state().resolve("taken"));
    }

    /** Whether the job file itself began. */
    boolean started() {
        return Files.exists(state().resolve("started"));
    }

    OptionalInt exitCode() throws IOException {
        OptionalLong code = number("exit");
        return code.isPresent() ? OptionalInt.of((int) code.getAsLong()) : OptionalInt.empty();
    }

    OptionalLong group() throws IOException {
        return number("group");
    }

    /** The keeper's process if it lives; another process that got the same number since is not it. */
    Optional<ProcessHandle> keeper() throws IOException {
        OptionalLong pid = number("keeper");
        if (pid.isEmpty()) {
            return Optional.empty();
        }
        Instant noted = Files.getLastModifiedTime(state().resolve("keeper")).toInstant();
        return ProcessHandle.of(pid.getAsLong())
                .filter(ProcessHandle::isAlive)
                .filter(handle -> isKeeper(handle, noted));
    }

    void remove() throws IOException {
        Folders.remove(root);
    }

    private boolean isKeeper(ProcessHandle handle, Instant noted) {
        String folder = state().toString();
        Optional<Boolean> byArguments = handle.info()
                .arguments()
                .map(arguments -> Arrays.asList(arguments).contains(folder));
        return byArguments.orElseGet(() -> handle.info()
                .startInstant()
                .map(start -> Duration.between(start, noted).abs().compareTo(NEAR) < 0)
                .orElse(false));
    }

    private OptionalLong number(String file) throws IOException {
        try {
            String text = Files.readString(state().resolve(file), StandardCharsets.US_ASCII)
                    .strip();
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }
}
