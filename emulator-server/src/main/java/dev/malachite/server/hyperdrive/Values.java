package dev.malachite.server.hyperdrive;

import dev.malachite.server.web.Json;
import tools.jackson.databind.JsonNode;

/** Values of parameters, which the engine holds as JSON, as a script is given them. */
final class Values {

    private Values() {}

    /** A string without its quotes, anything else as it is written. */
    static String plain(String json) {
        if (!json.startsWith("\"")) {
            return json;
        }
        JsonNode value = Json.mapper().readTree(json);
        return value.asString("");
    }
}
