package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Frame;
import dev.malachite.server.runtime.InstanceRuntime.SetupScript;
import dev.malachite.server.runtime.LogLimit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A setup script in an instance's container, with what it prints appended to a file of ours. It is kept there as jobs are on
 * other machines, so it goes on without us, and one that was begun is followed and never begun again.
 */
final class MachineScript {

    private static final LogLimit LIMIT = LogLimit.mib(16);
    private static final Duration FILES = Duration.ofMinutes(1);
    private static final int LATE = 124;
    private static final int LONGEST_CODE = 10;

    /** Between SIGTERM and SIGKILL, and then for the stream's end. */
    private static final int GRACE_SECONDS = 10;

    /** Runs the keeper of a folder; only the newest script is remembered. */
    private static final String KEEP =
            "for each in %s/setup-*; do [ \"$each\" = \"$1\" ] || rm -rf \"$each\"; done; exec setsid sh \"$1/keep\" \"$1\" leave >>\"$1/log\" 2>&1 </dev/null"
                    .formatted(Containers.STATE);

    /** Prints the log from a byte on until the keeper has ended; a number that is another process's by now is no keeper. */
    private static final String FOLLOW = """
            tries=0
            while [ ! -s "$1/keeper" ] && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
            pid=$(cat "$1/keeper" 2>/dev/null)
            grep -aqF "$1/keep" "/proc/${pid:-none}/cmdline" 2>/dev/null || pid=2147483646
            exec tail -c "+$2" -s 0.1 -f --pid="$pid" "$1/log"
            """;

    private final Engine engine;
    private final Containers containers;

    MachineScript(Engine engine, Containers containers) {
        this.engine = engine;
        this.containers = containers;
    }

    /**
     * Returns how it ended.
     *
     * @param order by which a script that was begun already is known again
     */
    int run(String container, int order, SetupScript script, Path log) throws IOException {
        String folder = Containers.STATE + "/setup-" + order;
        long seconds = Math.max(1, script.limit().toSeconds());
        Files.createDirectories(log.toAbsolutePath().getParent());
        // Where its own output begins in ours.
        Path note = log.resolveSibling(log.getFileName() + "." + order);
        if (!containers.exists(container, folder + "/taken")) {
            long before = Files.exists(log) ? Files.size(log) : 0;
            Files.writeString(note, Long.toString(before), StandardCharsets.US_ASCII);
            containers.put(
                    container,
                    FILES,
                    new ByteArrayInputStream(
                            MachineFiles.of(script, folder.substring(1), job(folder, script, seconds))));
            exec(container, new Quiet(), true, KEEP, folder);
        }
        long had = Math.max(0, (Files.exists(log) ? Files.size(log) : 0) - begin(note));
        try (Output output = new Output(log, LIMIT.bytes() - had)) {
            exec(container, output, false, FOLLOW, folder, Long.toString(had + 1));
            if (!output.await(seconds + 3L * GRACE_SECONDS, TimeUnit.SECONDS)) {
                return LATE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Engine.Gone("Interrupted while a setup script ran", e);
        } catch (RuntimeException e) {
            throw new Engine.Gone("The output of a setup script broke off", e);
        }
        int code = code(container, folder);
        Files.deleteIfExists(note);
        return code;
    }

    private static long begin(Path note) throws IOException {
        return Files.exists(note) ? Long.parseLong(Files.readString(note, StandardCharsets.US_ASCII)) : 0;
    }

    private static String job(String folder, SetupScript script, long seconds) {
        // The arguments are a line for a shell, as they were given. One that does not heed the end of its time is
        // killed, and
        // would seem to have failed otherwise.
        return """
                . %s
                cd %s
                begun=$(date +%%s)
                timeout -k %d %d bash %s/script %s
                code=$?
                [ $(($(date +%%s) - begun)) -lt %d ] || code=%d
                exit "$code"
                """.formatted(
                        MachineFiles.PROFILE,
                        MachineFiles.HOME,
                        GRACE_SECONDS,
                        seconds,
                        folder,
                        script.arguments(),
                        seconds,
                        LATE);
    }

    private void exec(String container, EngineStream<Frame> output, boolean detached, String line, String... words)
            throws IOException {
        String[] command = {"sh", "-c", line, "sh"};
        String[] all = Arrays.copyOf(command, command.length + words.length);
        System.arraycopy(words, 0, all, command.length, words.length);
        String exec = engine.call(
                "prepare a setup script",
                docker -> docker.execCreateCmd(container)
                        .withUser("0:0")
                        .withAttachStdout(!detached)
                        .withAttachStderr(!detached)
                        .withCmd(all)
                        .exec()
                        .getId());
        engine.streams().execStartCmd(exec).withDetach(detached).exec(output);
        if (detached) {
            try {
                output.await(GRACE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Engine.Gone("Interrupted while a setup script began", e);
            } catch (RuntimeException e) {
                throw new Engine.Gone("The engine does not begin a setup script", e);
            }
        }
    }

    private int code(String container, String folder) throws IOException {
        StringBuilder code = new StringBuilder();
        containers.read(container, folder + "/exit", FILES, archive -> {
            try {
                TarArchiveInputStream tar = new TarArchiveInputStream(archive, StandardCharsets.UTF_8.name());
                if (tar.getNextEntry() != null) {
                    code.append(new String(tar.readNBytes(LONGEST_CODE), StandardCharsets.US_ASCII).strip());
                }
                return null;
            } catch (IOException e) {
                return e;
            }
        });
        if (!code.toString().matches("\\d{1,3}")) {
            throw new IOException("The setup script was ended with the machine that it ran on");
        }
        return Integer.parseInt(code.toString());
    }

    /** Of what prints nothing. */
    private static final class Quiet extends EngineStream<Frame> {

        @Override
        public void onNext(Frame frame) {
            // Its output goes to its file.
        }
    }

    /** Both streams, as far as the file may grow. */
    private static final class Output extends EngineStream<Frame> {

        private final FileChannel file;
        private long room;

        Output(Path log, long room) throws IOException {
            this.room = room;
            file = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }

        @Override
        public void onNext(Frame frame) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(frame.getPayload());
                boolean cut = room > 0 && bytes.remaining() > room;
                bytes.limit((int) Math.min(bytes.remaining(), Math.max(0, room)));
                room -= bytes.remaining();
                write(bytes);
                if (cut) {
                    write(ByteBuffer.wrap(LIMIT.cut()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            super.close();
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        }
    }
}
