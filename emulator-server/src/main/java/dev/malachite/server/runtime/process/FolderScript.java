package dev.malachite.server.runtime.process;

import dev.malachite.engine.NodeId;
import dev.malachite.server.runtime.InstanceRuntime.SetupScript;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.LogLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A setup script of an instance, kept as a job is: it goes on without us, and one that was begun is followed and never begun
 * again.
 */
final class FolderScript {

    private static final int LATE = 124;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final LogLimit LOG = LogLimit.mib(16);

    private final MachineFolder machine;
    private final NodeFolder folder;

    /**
     * Begins nothing.
     *
     * @param order by which a script that was begun already is known again
     */
    FolderScript(MachineFolder machine, int order) {
        this.machine = machine;
        this.folder = kept(machine, order);
    }

    private static NodeFolder kept(MachineFolder machine, int order) {
        return new NodeFolder(
                new NodeId(machine.instance().name()), order, all(machine).resolve(Integer.toString(order)));
    }

    private static Path all(MachineFolder machine) {
        return machine.state().resolve("setup");
    }

    /** Returns its exit code when it has ended; 124 when it was ended because its time was up. */
    int run(SetupScript script, Path log) throws IOException {
        try {
            if (!folder.taken()) {
                endAll(machine);
                begin(script, log);
            }
            return follow(script.limit(), log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while a setup script ran", e);
        }
    }

    private void begin(SetupScript script, Path log) throws IOException, InterruptedException {
        folder.create();
        Path file = folder.state().resolve("script");
        Files.write(file, script.content());
        // The arguments are a line for a shell, as they were given.
        String line = ": > %s\nexec bash %s %s\n"
                .formatted(quoted(folder.state().resolve("started")), quoted(file), script.arguments());
        Files.writeString(folder.state().resolve("job"), line, StandardCharsets.UTF_8);
        Path keep = folder.state().resolve("keep");
        Files.writeString(keep, JobFile.resource("keeper.sh"), StandardCharsets.UTF_8);
        ProcessBuilder builder = new ProcessBuilder(Keeper.inOwnSession(
                List.of("sh", keep.toString(), folder.state().toString(), "leave")));
        builder.environment().clear();
        builder.environment().putAll(machine.variables());
        Process keeper = builder.directory(machine.home().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Keeper.await(folder, keeper);
    }

    private int follow(Duration limit, Path log) throws IOException, InterruptedException {
        while (folder.exitCode().isEmpty()) {
            Optional<ProcessHandle> keeper = folder.keeper();
            if (keeper.isEmpty()) {
                if (folder.exitCode().isEmpty()) {
                    throw new IOException("The setup script was ended with the machine that it ran on");
                }
            } else if (age(InstantSource.system().millis()).compareTo(limit) >= 0) {
                Keeper.kill(folder, keeper.get());
                return LATE;
            } else {
                Duration left = limit.minus(age(InstantSource.system().millis()));
                Keeper.awaitEnd(folder, keeper.get(), left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
                // It writes the log by itself.
                LOG.cut(log);
            }
        }
        OptionalInt code = folder.exitCode();
        long ended = Files.getLastModifiedTime(folder.state().resolve("exit")).toMillis();
        return age(ended).compareTo(limit) >= 0 ? LATE : code.orElseThrow();
    }

    /** How long it had run by then. */
    private Duration age(long millis) throws IOException {
        return Duration.ofMillis(millis
                - Files.getLastModifiedTime(folder.state().resolve("taken")).toMillis());
    }

    /** Ends what may still run of earlier scripts, and forgets them. */
    static void endAll(MachineFolder machine) throws IOException {
        for (Path each : Folders.in(all(machine))) {
            NodeFolder earlier =
                    kept(machine, Integer.parseInt(each.getFileName().toString()));
            Optional<ProcessHandle> keeper = earlier.keeper();
            if (keeper.isPresent() && earlier.exitCode().isEmpty()) {
                try {
                    Keeper.kill(earlier, keeper.get());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("Interrupted while a setup script was ended", e);
                }
            }
            earlier.remove();
        }
    }

    private static String quoted(Path path) {
        return JobFile.quote(path.toString());
    }
}
