package dev.malachite.server.runtime.docker;

import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.JobFile;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes the image of compute instances when it is first needed: the base image with an SSH server, sudo, git and a Jupyter
 * server. {@code scripts/instance-image} makes the same one.
 */
final class InstanceImage {

    static final String NAME = "malachite/instance:1";

    private final BuildContainer builds;

    InstanceImage(BuildContainer builds) {
        this.builds = builds;
    }

    /** The new image's id. */
    String make(String base, Consumer<String> log) throws ImageFailure, IOException {
        log.accept("The image of compute instances, " + NAME + ", is not on the engine yet; it is made now, once.");
        int colon = NAME.indexOf(':');
        return builds.build(
                "The image of compute instances",
                base,
                Map.of(
                        "build", JobFile.resource("instance/build.sh"),
                        "notebooks.txt", JobFile.resource("instance/notebooks.txt")),
                container -> container.withCmd("sh", "/m/build"),
                commit -> commit.withRepository(NAME.substring(0, colon))
                        .withTag(NAME.substring(colon + 1))
                        .withCmd("bash")
                        .withLabels(Labels.shared()),
                log);
    }
}
