package dev.malachite.server.runtime.docker;

import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.JobTar;
import dev.malachite.server.runtime.LocalCommand;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the image that jobs run in by default, when it is first needed: out of Debian packages, and where this machine has
 * none, from the same recipe as a Dockerfile, which needs a registry.
 */
final class BaseImage {

    static final String NAME = "malachite/base:1";

    private static final String SCRIPT = "/base-image/make-rootfs.sh";
    private static final String RECIPE = "/base-image/Dockerfile";
    private static final String AROUND_ROOT = """
            FROM scratch
            ADD rootfs.tar /
            ENV LANG=C.UTF-8
            CMD ["bash"]
            """;
    private static final Duration DEADLINE = Duration.ofMinutes(15);

    private final Engine engine;
    private final Path temporary;
    private final String name;

    BaseImage(Engine engine, Path temporary, String name) {
        this.engine = engine;
        this.temporary = temporary;
        this.name = name;
    }

    void make(Consumer<String> log) throws ImageFailure, IOException {
        log.accept("The base image " + name + " is not on the engine yet; it is made now, once: a small Debian with"
                + " Python, from the packages that this machine's apt sources name.");
        Files.createDirectories(temporary);
        Path folder = Files.createTempDirectory(temporary, "base-image");
        Path script = folder.resolve("make-rootfs.sh");
        Path root = folder.resolve("rootfs.tar");
        Path context = folder.resolve("context.tar");
        try {
            Files.write(script, resource(SCRIPT));
            LocalCommand.Result made =
                    LocalCommand.run(List.of("bash", script.toString(), root.toString()), DEADLINE, log);
            if (made.exitCode() == 0) {
                log.accept("Handing the root file system to the engine, " + (Files.size(root) >> 20) + " MiB.");
                context(context, AROUND_ROOT, root);
            } else {
                log.accept("No root file system can be made here; building the image from its Dockerfile instead.");
                context(context, new String(resource(RECIPE), StandardCharsets.UTF_8), null);
            }
            String error = build(context, log);
            if (!error.isEmpty()) {
                throw new ImageFailure("The base image " + name + " could not be made: " + error + "\n"
                        + made.lastLines() + "\nGive an image of your own that name (docker tag IMAGE " + name
                        + "): it needs sh, python3, pip and venv.");
            }
            log.accept("The base image is there.");
        } finally {
            for (Path file : List.of(context, root, script, folder)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** A build and not an import: the client sends no body with an import (docker-java#2377). */
    private String build(Path context, Consumer<String> log) throws IOException {
        BuildProgress progress = new BuildProgress(log, _ -> {});
        try (InputStream in = new BufferedInputStream(Files.newInputStream(context), 1 << 16);
                progress) {
            engine.streams().buildImageCmd(in).withTags(Set.of(name)).exec(progress);
            return progress.await(DEADLINE.toMinutes(), TimeUnit.MINUTES)
                    ? progress.error()
                    : "it did not end within " + DEADLINE.toMinutes() + " minutes";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } catch (RuntimeException e) {
            return Engine.message(e);
        }
    }

    private static void context(Path file, String dockerfile, @Nullable Path root) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
                TarArchiveOutputStream tar = JobTar.open(out)) {
            JobTar.text(tar, "Dockerfile", dockerfile, 0644);
            if (root != null) {
                TarArchiveEntry entry = new TarArchiveEntry("rootfs.tar");
                entry.setSize(Files.size(root));
                tar.putArchiveEntry(entry);
                Files.copy(root, tar);
                tar.closeArchiveEntry();
            }
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = BaseImage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return in.readAllBytes();
        }
    }
}
