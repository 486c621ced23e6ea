package dev.malachite.server.runtime.docker;

import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.LocalCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Makes the image that jobs run in by default, when it is first needed, out of Debian packages: no registry is asked. */
final class BaseImage {

    static final String NAME = "malachite/base:1";

    private static final String SCRIPT = "/base-image/make-rootfs.sh";
    private static final Duration DEADLINE = Duration.ofMinutes(15);

    private final Engine engine;
    private final Path temporary;

    BaseImage(Engine engine, Path temporary) {
        this.engine = engine;
        this.temporary = temporary;
    }

    void make(Consumer<String> log) throws ImageFailure, IOException {
        log.accept("The base image " + NAME + " is not there yet; it is made now, once. This takes about a minute.");
        Files.createDirectories(temporary);
        Path folder = Files.createTempDirectory(temporary, "base-image");
        Path script = folder.resolve("make-rootfs.sh");
        Path archive = folder.resolve("rootfs.tar");
        try {
            try (InputStream in = BaseImage.class.getResourceAsStream(SCRIPT)) {
                if (in == null) {
                    throw new IllegalStateException(SCRIPT + " is not in the jar");
                }
                Files.copy(in, script);
            }
            LocalCommand.Result result =
                    LocalCommand.run(List.of("bash", script.toString(), archive.toString()), DEADLINE, log);
            if (result.exitCode() != 0) {
                throw new ImageFailure("The base image " + NAME + " could not be made on this machine:\n"
                        + result.lastLines() + "\nGive an image of your own that name (docker tag ... " + NAME
                        + "): it needs sh, python3, pip and venv.");
            }
            try (InputStream in = Files.newInputStream(archive)) {
                engine.call(
                        "import the base image",
                        DEADLINE,
                        docker -> docker.createImageCmd(NAME, in).exec());
            }
            log.accept("The base image is there.");
        } finally {
            Files.deleteIfExists(archive);
            Files.deleteIfExists(script);
            Files.deleteIfExists(folder);
        }
    }
}
