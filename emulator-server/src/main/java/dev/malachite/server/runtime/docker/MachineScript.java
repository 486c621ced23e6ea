package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Frame;
import dev.malachite.server.runtime.InstanceRuntime.SetupScript;
import dev.malachite.server.runtime.LogLimit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Runs a setup script in an instance's container, with what it prints appended to a file. */
final class MachineScript {

    private static final LogLimit LIMIT = LogLimit.mib(16);
    private static final Duration FILES = Duration.ofMinutes(1);
    private static final String FILE = "setup-script";
    private static final int LATE = 124;

    /** Between SIGTERM and SIGKILL, and then for the stream's end. */
    private static final int GRACE_SECONDS = 10;

    private final Engine engine;
    private final Containers containers;

    MachineScript(Engine engine, Containers containers) {
        this.engine = engine;
        this.containers = containers;
    }

    int run(String container, SetupScript script, Path log) throws IOException {
        containers.put(container, FILES, new ByteArrayInputStream(MachineFiles.of(script, FILE)));
        long seconds = Math.max(1, script.limit().toSeconds());
        // The arguments are a line for a shell, as they were given.
        String line = ". %s; cd %s; exec timeout -k %d %d bash %s/%s %s"
                .formatted(
                        MachineFiles.PROFILE,
                        MachineFiles.HOME,
                        GRACE_SECONDS,
                        seconds,
                        Containers.STATE,
                        FILE,
                        script.arguments());
        String exec = engine.call(
                "prepare a setup script",
                docker -> docker.execCreateCmd(container)
                        .withUser("0:0")
                        .withAttachStdout(true)
                        .withAttachStderr(true)
                        .withCmd("sh", "-c", line)
                        .exec()
                        .getId());
        long start = System.nanoTime();
        Files.createDirectories(log.toAbsolutePath().getParent());
        try (Output output = new Output(log)) {
            engine.streams().execStartCmd(exec).exec(output);
            if (!output.await(seconds + 2L * GRACE_SECONDS, TimeUnit.SECONDS)) {
                return LATE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Engine.Gone("Interrupted while a setup script ran", e);
        } catch (RuntimeException e) {
            throw new Engine.Gone("The output of a setup script broke off", e);
        }
        Long code = engine.call(
                "ask how a setup script ended",
                docker -> docker.inspectExecCmd(exec).exec().getExitCodeLong());
        // One that does not heed the end of its time is killed, and seems to have failed otherwise.
        boolean late = System.nanoTime() - start >= Duration.ofSeconds(seconds).toNanos();
        return late ? LATE : code == null ? 255 : code.intValue();
    }

    /** Both streams, as far as the file may grow. */
    private static final class Output extends EngineStream<Frame> {

        private final FileChannel file;
        private long room = LIMIT.bytes();

        Output(Path log) throws IOException {
            file = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }

        @Override
        public void onNext(Frame frame) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(frame.getPayload());
                boolean cut = room > 0 && bytes.remaining() > room;
                bytes.limit((int) Math.min(bytes.remaining(), room));
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
