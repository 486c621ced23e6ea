package dev.malachite.server.environment;

import dev.malachite.api.Errors;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.runtime.Recipe;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Reads from an environment of either SDK the Dockerfile, or the build context, that its image is built from. */
final class Recipes {

    private static final String USUAL_PATH = "Dockerfile";
    private static final int MOST_TEXT = 256 * 1024;
    private static final int MOST_NAME = 4_000;

    private Recipes() {}

    /** The docker section of a v1 environment: {@code base_dockerfile}, {@code build_context}. */
    static Optional<Recipe> ofV1(ObjectNode docker, RuntimeKind runtime) {
        Optional<String> dockerfile = Json.string(docker, "baseDockerfile").filter(text -> !text.isBlank());
        ObjectNode context = Json.objectAt(docker, "buildContext");
        if (dockerfile.isPresent()) {
            requireDocker("a Dockerfile (docker.baseDockerfile)", runtime);
            return Optional.of(new Recipe(bounded("docker.baseDockerfile", dockerfile.get(), MOST_TEXT), "", ""));
        }
        Optional<String> location = Json.string(context, "location").filter(text -> !text.isBlank());
        if (location.isEmpty()) {
            return Optional.empty();
        }
        requireDocker("a Docker build context (docker.buildContext)", runtime);
        Json.string(context, "locationType")
                .filter(type -> type.equalsIgnoreCase("git"))
                .ifPresent(type -> {
                    throw EnvironmentReader.unsupported(
                            "a Docker build context in a git repository (docker.buildContext.locationType)");
                });
        return Optional.of(recipe(location.get(), Json.string(context, "dockerfilePath")));
    }

    /** The properties of a v2 environment: {@code build}. */
    static Optional<Recipe> ofV2(ObjectNode properties, RuntimeKind runtime) {
        ObjectNode build = Json.objectAt(properties, "build");
        return Json.string(build, "contextUri").filter(text -> !text.isBlank()).map(context -> {
            requireDocker("a Docker build context (build)", runtime);
            return recipe(context, Json.string(build, "dockerfilePath"));
        });
    }

    private static Recipe recipe(String context, Optional<String> path) {
        return new Recipe(
                "",
                bounded("the build context's place", context, MOST_NAME),
                bounded("dockerfilePath", path.filter(text -> !text.isBlank()).orElse(USUAL_PATH), MOST_NAME));
    }

    /** Nothing is built on a machine without an engine; simulated nodes build nothing anyway. */
    private static void requireDocker(String what, RuntimeKind runtime) {
        switch (runtime) {
            case DOCKER, SIMULATED -> {}
            case PROCESS, SSH ->
                throw new AzureException(
                        Errors.userError(
                                "The environment asks for %s, which needs a Docker engine of the emulator's own: this compute has none."
                                        .formatted(what)));
        }
    }

    private static String bounded(String what, String text, int most) {
        if (text.length() > most) {
            throw new AzureException(Errors.tooLarge("The environment's " + what, most));
        }
        return text;
    }
}
