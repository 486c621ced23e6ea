package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.server.Settings;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageMap;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Says in which container of its user's own Docker engine a local run goes, if it wants one. */
@Component
class LocalDocker {

    private final Path imageMap;

    LocalDocker(Settings settings) {
        this.imageMap = ImageMap.in(settings.data());
    }

    /** What a run configuration of azureml-core says in one place or, before 1.20, in the other. */
    static boolean isWanted(RunConfiguration configuration) {
        ObjectNode given = configuration.configuration();
        ObjectNode ofEnvironment = Json.objectAt(Json.objectAt(given, "environment"), "docker");
        return Json.member(Json.objectAt(given, "docker"), "useDocker").asBoolean(false)
                || Json.member(ofEnvironment, "enabled").asBoolean(false);
    }

    /** Images in the order in which the client looks for them, and options for {@code docker run}. */
    Optional<ObjectNode> of(RunConfiguration configuration, ImageDefinition image) {
        if (!isWanted(configuration)) {
            return Optional.empty();
        }
        if (image.recipe().isPresent()) {
            throw new AzureException(Errors.userError(
                    "A Dockerfile on the target 'local' is not supported by this version of Malachite: name an image that the"
                            + " machine's Docker engine has or can pull, or a cluster."));
        }
        ObjectNode container = Json.object();
        ArrayNode images = container.putArray("images");
        mapped(image.baseImage()).ifPresent(images::add);
        images.add(image.baseImage());
        options(Json.objectAt(configuration.configuration(), "docker"), container.putArray("options"));
        return Optional.of(container);
    }

    private static void options(ObjectNode docker, ArrayNode options) {
        Json.string(docker, "shmSize").filter(size -> !size.isBlank()).ifPresent(size -> options.add("--shm-size")
                .add(size));
        for (JsonNode argument : Json.member(docker, "arguments")) {
            options.add(argument.asString(""));
        }
    }

    private Optional<String> mapped(String image) {
        try {
            return ImageMap.read(imageMap).find(image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
