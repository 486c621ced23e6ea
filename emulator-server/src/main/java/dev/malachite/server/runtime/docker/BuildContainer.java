package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.command.CommitCmd;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.JobTar;
import dev.malachite.server.runtime.LastLines;
import dev.malachite.server.runtime.LogLimit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Makes an image of a container that installs something and is committed. Not a Docker build, because pip needs this
 * machine's certificates, and a container can be rid of them before it becomes an image.
 */
final class BuildContainer {

    private static final long DEADLINE_MINUTES = 30;
    private static final LogLimit LOG = LogLimit.mib(16);

    private final Engine engine;
    private final Labels labels;
    private final HostSize host;

    BuildContainer(Engine engine, Labels labels, HostSize host) {
        this.engine = engine;
        this.labels = labels;
        this.host = host;
    }

    /**
     * Runs the build and gives the new image's id. The script finds in {@code /m} the files, and how this machine reaches
     * the registries ({@code settings}, {@code ca.pem}); it must leave nothing there.
     *
     * @param what for messages, for example "The environment"
     * @param files by their names in {@code /m}
     * @param run what runs in the container
     * @param become how it is committed
     */
    String build(
            String what,
            String base,
            Map<String, String> files,
            UnaryOperator<CreateContainerCmd> run,
            UnaryOperator<CommitCmd> become,
            Consumer<String> log)
            throws ImageFailure, IOException {
        String container = create(base, run);
        try {
            InputStream archive = new ByteArrayInputStream(archive(files));
            engine.call(
                    "put the build's files",
                    docker -> docker.copyArchiveToContainerCmd(container)
                            .withRemotePath("/")
                            .withTarInputStream(archive)
                            .exec());
            engine.call(
                    "start a build",
                    docker -> docker.startContainerCmd(container).exec());
            String last = follow(what, container, log);
            Integer code = engine.call(
                    "inspect a build",
                    docker -> docker.inspectContainerCmd(container)
                            .exec()
                            .getState()
                            .getExitCodeLong()
                            .intValue());
            if (code != 0) {
                throw new ImageFailure(what + " could not be built (exit code " + code + "):\n" + last);
            }
            return engine.call(
                    "commit an image",
                    Duration.ofMinutes(10),
                    docker -> become.apply(docker.commitCmd(container)).exec());
        } finally {
            engine.remove(
                    "remove a build",
                    docker -> docker.removeContainerCmd(container)
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        }
    }

    private String create(String base, UnaryOperator<CreateContainerCmd> run) throws IOException {
        HostConfig limits = limits();
        return engine.call(
                "create a build",
                docker -> run.apply(docker.createContainerCmd(base)
                                .withHostConfig(limits)
                                .withLabels(labels.role(Labels.BUILD))
                                .withUser("0:0")
                                .withWorkingDir("/")
                                // The image must not keep this as its entrypoint.
                                .withEntrypoint(""))
                        .exec()
                        .getId());
    }

    /** Whatever packages do while they are installed, nodes and we ourselves go on. */
    private HostConfig limits() throws IOException {
        long memory = host.memory() / 2;
        return Containers.confined(LOG)
                .withMemory(memory)
                .withMemorySwap(memory)
                .withNanoCPUs(Math.max(1, host.cpus() - 1) * 1_000_000_000L);
    }

    /** Until the build ends; gives the last lines. */
    private String follow(String what, String container, Consumer<String> log) throws ImageFailure, IOException {
        LastLines last = new LastLines();
        try (Lines lines = new Lines(line -> {
            log.accept(line);
            last.add(line);
        })) {
            engine.streams()
                    .logContainerCmd(container)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(true)
                    .exec(lines);
            if (!lines.await(DEADLINE_MINUTES, TimeUnit.MINUTES)) {
                throw new ImageFailure(
                        what + " was not built within " + DEADLINE_MINUTES + " minutes:\n" + last.text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } catch (RuntimeException e) {
            throw new Engine.Gone("The build's log broke off", e);
        }
        return last.text();
    }

    private static byte[] archive(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = JobTar.open(bytes)) {
            JobTar.folder(tar, new HashSet<>(), "m");
            JobTar.text(tar, "m/settings", Registries.settings(), 0600);
            JobTar.text(tar, "m/ca.pem", Registries.certificates(), 0600);
            for (Map.Entry<String, String> file : files.entrySet()) {
                JobTar.text(tar, "m/" + file.getKey(), file.getValue(), 0644);
            }
        }
        return bytes.toByteArray();
    }

    /** Cuts a log's frames into lines. */
    private static final class Lines extends EngineStream<Frame> {

        private static final int LONGEST_LINE = 64 * 1024;

        private final Consumer<String> consumer;
        private final StringBuilder rest = new StringBuilder();

        Lines(Consumer<String> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onNext(Frame frame) {
            rest.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
            if (rest.length() > LONGEST_LINE && rest.indexOf("\n") < 0) {
                consumer.accept(rest.toString()); // a line without an end is cut, not kept
                rest.setLength(0);
            }
            for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
                consumer.accept(rest.substring(0, end).stripTrailing());
                rest.delete(0, end + 1);
            }
        }

        @Override
        public void onComplete() {
            if (!rest.isEmpty()) {
                consumer.accept(rest.toString());
            }
            super.onComplete();
        }
    }
}
