package dev.malachite.server.web;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What all versions of an asset's name share, in the shape that the service has for every kind of asset. */
public final class AssetContainers {

    private AssetContainers() {}

    /**
     * The properties of the container.
     *
     * @param document description, tags and properties, as received
     */
    public static ObjectNode properties(
            ObjectNode document, boolean archived, Optional<String> latestVersion, String nextVersion) {
        ObjectNode properties = document.deepCopy();
        complete(properties);
        return properties
                .put("isArchived", archived)
                .put("latestVersion", latestVersion.orElse(null))
                .put("nextVersion", nextVersion)
                .put("provisioningState", "Succeeded");
    }

    /** Adds what a container and a version always have: clients read these as objects, and null breaks some of them. */
    public static void complete(ObjectNode properties) {
        for (String name : new String[] {"tags", "properties"}) {
            if (!properties.path(name).isObject()) {
                properties.putObject(name);
            }
        }
        if (!properties.has("description")) {
            properties.putNull("description");
        }
    }
}
