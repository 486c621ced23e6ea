package dev.malachite.server.runtime.process;

import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.SafePath;
import dev.malachite.server.snapshot.Snapshots.SnapshotFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Starts the shell that keeps a job, and sends signals to the job's group. */
final class Keeper {

    private static final long START_DEADLINE = TimeUnit.SECONDS.toNanos(20);
    private static final int KILLS = 20;
    private static final boolean SETSID =
            Stream.of("/usr/bin/setsid", "/bin/setsid").anyMatch(path -> Files.isExecutable(Path.of(path)));

    /** Lays out the snapshot and the job file, and returns when the job runs. */
    void start(NodeFolder folder, JobStart job, String environment) throws IOException {
        Path state = folder.state();
        for (SnapshotFile file : job.files()) {
            Path target = SafePath.below(folder.work(), file.path());
            Files.createDirectories(target.getParent());
            Files.copy(file.content(), target, StandardCopyOption.REPLACE_EXISTING);
            if (target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                // A snapshot keeps no modes; its shell scripts must be callable.
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        bring(folder.data(), job.data().find());
        Files.writeString(state.resolve("ca.pem"), job.certificate(), StandardCharsets.US_ASCII);
        Path python = state.resolve(JobFile.PYTHON);
        Files.createDirectories(python.getParent());
        Files.writeString(python, JobFile.python(), StandardCharsets.UTF_8);
        List<String> path = environment.isEmpty() ? List.of() : List.of(environment + "/bin");
        // The bundle in force for us is the one that is in force for the machine.
        List<String> trusted = Stream.of("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
                .flatMap(name -> Optional.ofNullable(System.getenv(name)).stream())
                .toList();
        JobFile.Layout layout =
                new JobFile.Layout(state.toString(), folder.work().toString(), path, trusted, false);
        Files.writeString(state.resolve("job"), JobFile.text(job, layout), StandardCharsets.UTF_8);
        try (InputStream script = Keeper.class.getResourceAsStream("/runtime/keeper.sh")) {
            if (script == null) {
                throw new IllegalStateException("keeper.sh is not in the jar");
            }
            Files.copy(script, state.resolve("keep"), StandardCopyOption.REPLACE_EXISTING);
        }
        await(folder, process(folder, job).start());
    }

    private static void bring(Path data, JobData brought) throws IOException {
        for (String each : brought.folders()) {
            Files.createDirectories(SafePath.below(data, each));
        }
        for (JobData.DataFile file : brought.files()) {
            Path target = SafePath.below(data, file.path());
            Files.createDirectories(target.getParent());
            // A start that was cut short is begun again, and what it brought may be read-only.
            Files.deleteIfExists(target);
            Files.copy(file.content(), target);
            if (!file.writable()) {
                target.toFile().setReadOnly();
            }
        }
    }

    /** Signals the job's group while its keeper lives; else the number may be another's by now. */
    private static void signal(NodeFolder folder, String signal) {
        try {
            if (folder.keeper().isPresent() && folder.group().isPresent()) {
                String group = Long.toString(folder.group().getAsLong());
                new ProcessBuilder("sh", "-c", "kill -s \"$1\" -- \"-$2\"", "sh", signal, group)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /**
     * Tells the job to stop. Its keeper notes the group when it has begun the job, which on a busy machine may be ahead of it.
     */
    static void terminate(NodeFolder folder) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (folder.group().isEmpty() && folder.keeper().isPresent() && System.nanoTime() - begin < START_DEADLINE) {
            TimeUnit.MILLISECONDS.sleep(3);
        }
        signal(folder, "TERM");
    }

    /** Ends the job's group; again, because a group that is just being made misses a signal. */
    static void kill(NodeFolder folder, ProcessHandle keeper) throws IOException, InterruptedException {
        for (int i = 0; i < KILLS; i++) {
            signal(folder, "KILL");
            if (awaitEnd(folder, keeper, Duration.ofMillis(500))) {
                return;
            }
        }
        throw new IOException("The job on " + folder.node() + " does not end");
    }

    /**
     * Whether the keeper has done its work by then. Where nobody reaps a dead process it still seems to live, so its note
     * of the exit code counts too.
     */
    static boolean awaitEnd(NodeFolder folder, ProcessHandle keeper, Duration patience)
            throws IOException, InterruptedException {
        try {
            keeper.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return folder.exitCode().isPresent();
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    /** A session of its own: a Ctrl-C for the emulator is not meant for what it began. */
    static List<String> inOwnSession(List<String> command) {
        return SETSID ? Stream.concat(Stream.of("setsid"), command.stream()).toList() : command;
    }

    private static ProcessBuilder process(NodeFolder folder, JobStart job) {
        String keep = folder.state().resolve("keep").toString();
        String state = folder.state().toString();
        ProcessBuilder builder = new ProcessBuilder(inOwnSession(List.of("sh", keep, state)));
        builder.directory(folder.work().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(job.log().toFile()));
        surround(builder.environment(), folder);
        return builder;
    }

    /** The variables of what runs in a node's folder. */
    static void surround(Map<String, String> environment, NodeFolder folder) {
        String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
        String language = environment.getOrDefault("LANG", "C.UTF-8");
        // What is in our own environment may be secret, and would make jobs depend on who started us.
        environment.clear();
        environment.put("PATH", path);
        environment.put("LANG", language);
        environment.put("HOME", folder.home().toString());
        environment.put("TMPDIR", folder.temp().toString());
    }

    static void await(NodeFolder folder, Process keeper) throws IOException {
        long start = System.nanoTime();
        // Not before the job file itself runs: until then its group need not exist, and a signal would miss it.
        while (!folder.started() && folder.exitCode().isEmpty()) {
            if (!keeper.isAlive() && !folder.taken()) {
                throw new IOException("The job's keeper on " + folder.node() + " ended before the job began");
            }
            if (System.nanoTime() - start > START_DEADLINE) {
                throw new IOException("The job on " + folder.node() + " did not begin");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(3);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted", e);
            }
        }
    }
}
