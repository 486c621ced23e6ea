package dev.malachite.server.environment;

import dev.malachite.server.web.Json;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Says a version of either SDK in the other's words. */
final class Translation {

    /** The v1 SDK's own default, for definitions that name no image. */
    static final String DEFAULT_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04";

    private Translation() {}

    /** A v2 version's properties, as far as they are its content or were sent. */
    static ObjectNode toV2(EnvironmentView version) {
        return switch (version.dialect()) {
            case V2 -> version.document().deepCopy();
            case V1 -> {
                ObjectNode docker = Json.objectAt(version.document(), "docker");
                ObjectNode python = Json.objectAt(version.document(), "python");
                ObjectNode properties = Json.object();
                properties.put("image", Json.string(docker, "baseImage").orElse(DEFAULT_IMAGE));
                if (!Json.member(python, "userManagedDependencies").asBoolean(false)
                        && Json.member(python, "condaDependencies") instanceof ObjectNode conda) {
                    properties.put("condaFile", Conda.yaml(conda));
                }
                yield properties;
            }
        };
    }

    /** A v1 definition in azureml-core's own case of keys. */
    static ObjectNode toV1(EnvironmentView version) {
        ObjectNode definition = Json.object();
        definition.put("name", version.name());
        definition.put("version", version.version());
        ObjectNode content = switch (version.dialect()) {
            case V1 -> version.document();
            case V2 -> fromV2(version.document());
        };
        for (Map.Entry<String, JsonNode> member : content.properties()) {
            String key = member.getKey().substring(0, 1).toLowerCase(Locale.ROOT)
                    + member.getKey().substring(1);
            if (!key.equals("name") && !key.equals("version")) {
                definition.set(key, member.getValue());
            }
        }
        return definition;
    }

    private static ObjectNode fromV2(ObjectNode properties) {
        ObjectNode content = Json.object();
        content.putObject("environmentVariables");
        ObjectNode python = content.putObject("python");
        Optional<String> conda = Json.string(properties, "condaFile").filter(text -> !text.isBlank());
        python.put("interpreterPath", "python");
        python.put("userManagedDependencies", conda.isEmpty());
        if (conda.isPresent()) {
            python.set("condaDependencies", Conda.tree(conda.get()));
        } else {
            python.putNull("condaDependencies");
        }
        python.putNull("baseCondaEnvironment");
        ObjectNode docker = content.putObject("docker");
        docker.put("enabled", false);
        docker.put("baseImage", Json.string(properties, "image").orElse(null));
        docker.putNull("baseDockerfile");
        docker.putObject("baseImageRegistry")
                .putNull("address")
                .putNull("username")
                .putNull("password");
        ObjectNode spark = content.putObject("spark");
        spark.putArray("repositories");
        spark.putArray("packages");
        spark.put("precachePackages", true);
        content.putNull("inferencingStackVersion");
        return content;
    }
}
