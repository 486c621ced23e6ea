package dev.malachite.server.runtime.docker;

import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.JobFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Builds an environment's image: a container of the base image installs the packages. */
final class EnvironmentBuild {

    static final String REPOSITORY = "malachite/env";
    static final String PYTHON = "/opt/malachite/env/bin/python";

    private static final String BIN = "/opt/malachite/env/bin";
    private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Engine engine;
    private final BuildContainer containers;

    EnvironmentBuild(Engine engine, BuildContainer containers) {
        this.engine = engine;
        this.containers = containers;
    }

    /** The new image's id. */
    String build(ImageDefinition definition, List<String> requirements, String base, Consumer<String> log)
            throws ImageFailure, IOException {
        log.accept("Installing: " + String.join(", ", requirements));
        String path = path(base);
        return containers.build(
                "The environment",
                base,
                Map.of(
                        "build",
                        JobFile.resource("build-environment.sh"),
                        "requirements.txt",
                        String.join("\n", requirements) + "\n"),
                container -> container
                        // These two become the image's own, so that "python" is the environment's in every command.
                        .withEnv("PATH=" + BIN + ":" + path, "VIRTUAL_ENV=/opt/malachite/env")
                        .withCmd("sh", "/m/build", definition.pythonVersion().orElse("")),
                commit -> commit.withRepository(REPOSITORY)
                        .withTag(definition.key().value())
                        .withCmd("sh")
                        .withLabels(Labels.image(definition.key())),
                log);
    }

    /** The base image's own. */
    private String path(String base) throws IOException {
        String[] environment = engine.call(
                        "inspect an image",
                        docker -> Optional.ofNullable(
                                docker.inspectImageCmd(base).exec().getConfig()))
                .flatMap(config -> Optional.ofNullable(config.getEnv()))
                .orElse(new String[0]);
        return Stream.of(environment)
                .filter(variable -> variable.startsWith("PATH="))
                .map(variable -> variable.substring("PATH=".length()))
                .findFirst()
                .orElse(USUAL_PATH);
    }
}
