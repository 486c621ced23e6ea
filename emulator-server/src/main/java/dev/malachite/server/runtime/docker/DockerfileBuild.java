package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.HostConfig;
import dev.malachite.engine.ImageKey;
import dev.malachite.server.runtime.BuildContexts;
import dev.malachite.server.runtime.BuildContexts.Source;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.JobTar;
import dev.malachite.server.runtime.Recipe;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the image of a user's Dockerfile with the engine's own builder. A step of it runs as a container of the engine's
 * usual kind: without privileges, on the engine's own network, with half of the machine's memory at most, and with as many
 * processes as a node may have.
 */
final class DockerfileBuild {

    private static final Logger LOG = LoggerFactory.getLogger(DockerfileBuild.class);

    /** As a snapshot (service-facts, Snapshot). */
    private static final long MOST_BYTES = 300L << 20;

    private static final int MOST_FILES = 2000;
    private static final int MOST_TEXT = 256 * 1024;
    private static final Duration DEADLINE = Duration.ofMinutes(30);

    /** Under this name the rewritten Dockerfile goes to the engine; none of the user's files has it. */
    private static final String OURS = ".malachite.Dockerfile";

    private final Engine engine;
    private final StepMemory most;
    private final BuildContexts contexts;
    private final Path temporary;

    DockerfileBuild(Engine engine, StepMemory most, BuildContexts contexts, Path temporary) {
        this.engine = engine;
        this.most = most;
        this.contexts = contexts;
        this.temporary = temporary;
    }

    /** How much memory a step may use. */
    @FunctionalInterface
    interface StepMemory {
        long bytes() throws IOException;
    }

    /** Builds it under that name. */
    void build(Recipe recipe, String name, Dockerfile.Bases bases, Consumer<String> log)
            throws ImageFailure, IOException {
        List<Source> files = recipe.context().isEmpty() ? List.of() : files(recipe.context());
        String dockerfile = recipe.dockerfile().isEmpty() ? read(files, recipe.path()) : recipe.dockerfile();
        Map<String, String> arguments = Registries.arguments();
        List<String> declared = arguments.keySet().stream()
                .filter(argument -> argument.startsWith("PIP_"))
                .toList();
        String rewritten = Dockerfile.rewritten(dockerfile, declared, bases);
        log.accept("Building from a Dockerfile:\n" + rewritten.stripTrailing());
        Files.createDirectories(temporary);
        Path context = Files.createTempFile(temporary, "context", ".tar");
        try {
            pack(context, rewritten, files);
            run(context, name, arguments, log);
        } finally {
            Files.deleteIfExists(context);
        }
    }

    private List<Source> files(String url) throws ImageFailure {
        List<Source> files = contexts.files(url);
        long bytes = files.stream().mapToLong(Source::size).sum();
        if (files.isEmpty()) {
            throw new ImageFailure("The build context '%s' has no files.".formatted(url));
        }
        if (files.size() > MOST_FILES || bytes > MOST_BYTES) {
            throw new ImageFailure("The build context has %d files of %d MiB together; at most %d of %d MiB are taken."
                    .formatted(files.size(), bytes >> 20, MOST_FILES, MOST_BYTES >> 20));
        }
        return files;
    }

    private static String read(List<Source> files, String path) throws ImageFailure, IOException {
        Source dockerfile = files.stream()
                .filter(file -> file.path().equals(path.replaceFirst("^(\\./|/)+", "")))
                .findFirst()
                .orElseThrow(() -> new ImageFailure("There is no '%s' in the build context.".formatted(path)));
        if (dockerfile.size() > MOST_TEXT) {
            throw new ImageFailure("The Dockerfile is longer than %d KiB.".formatted(MOST_TEXT >> 10));
        }
        return Files.readString(dockerfile.content(), StandardCharsets.UTF_8);
    }

    private static void pack(Path context, String dockerfile, List<Source> files) throws ImageFailure, IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(context), 1 << 16);
                TarArchiveOutputStream tar = JobTar.open(out)) {
            for (Source file : files) {
                TarArchiveEntry entry = new TarArchiveEntry(file.path());
                entry.setSize(file.size());
                // Uploads carry no modes; what is a script must be found executable.
                entry.setMode(0755);
                tar.putArchiveEntry(entry);
                Files.copy(file.content(), tar);
                tar.closeArchiveEntry();
            }
            JobTar.text(tar, OURS, dockerfile, 0644);
        } catch (NoSuchFileException e) {
            throw new ImageFailure("The build context was changed while it was read.");
        }
    }

    private void run(Path context, String name, Map<String, String> arguments, Consumer<String> log)
            throws ImageFailure, IOException {
        long memory = most.bytes();
        BuildProgress progress = new BuildProgress(log, step -> confine(step, memory));
        try (InputStream in = new BufferedInputStream(Files.newInputStream(context), 1 << 16);
                progress) {
            var build = engine.streams()
                    .buildImageCmd(in)
                    .withDockerfilePath(OURS)
                    .withTags(Set.of(name))
                    .withLabels(Labels.image(new ImageKey(name.substring(name.indexOf(':') + 1))))
                    .withForcerm(true)
                    .withMemory(memory)
                    .withMemswap(memory);
            arguments.forEach(build::withBuildArg);
            build.exec(progress);
            if (!progress.await(DEADLINE.toMinutes(), TimeUnit.MINUTES)) {
                throw failed("it did not end within " + DEADLINE.toMinutes() + " minutes", progress);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } catch (RuntimeException e) {
            throw failed(Engine.message(e), progress);
        }
        if (!progress.error().isEmpty()) {
            // 128 and SIGKILL, which nobody but the kernel sends to a step.
            throw failed(
                    progress.error().endsWith("returned a non-zero code: 137")
                            ? progress.error()
                                    + " (it was killed: a step may use %d MiB of memory)".formatted(memory >> 20)
                            : progress.error(),
                    progress);
        }
    }

    /**
     * Limits the processes of a step. A build can be asked for limits of memory and processor time only, and a limit of a
     * user's processes is none for root, so the step's container is given one once the builder has named it.
     */
    private void confine(String step, long memory) {
        try {
            engine.call("limit a build's step", docker -> {
                HostConfig limits = docker.inspectContainerCmd(step).exec().getHostConfig();
                // What a step prints is no name of ours: only what looks like one is touched.
                if (limits != null
                        && Objects.equals(limits.getMemory(), memory)
                        && isUnlimited(limits.getPidsLimit())) {
                    docker.updateContainerCmd(step)
                            .withPidsLimit(Containers.PIDS)
                            .exec();
                }
                return step;
            });
        } catch (Engine.Missing e) {
            // It has ended already.
        } catch (IOException e) {
            LOG.warn("the processes of the build's step {} are not limited: {}", step, e.getMessage());
        }
    }

    private static boolean isUnlimited(@Nullable Long pids) {
        return pids == null || pids <= 0;
    }

    private static ImageFailure failed(String why, BuildProgress progress) {
        return new ImageFailure(
                "The image could not be built from its Dockerfile: " + why + "\n" + progress.lastLines());
    }
}
