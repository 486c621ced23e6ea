package dev.malachite.server.run;

import dev.malachite.server.web.Json;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a job's log is called for the client that asks: azureml-core streams those that it knows, and before 1.38 it knew only
 * {@code azureml-logs/} and two digits (code of 0.1.68, 1.17 and 1.37).
 */
final class LogNames {

    private static final String TODAY = "user_logs/std_log";
    private static final String BEFORE = "azureml-logs/70_driver_log";

    private static final int FIRST_OF_TODAY = 38;

    private static final Pattern SDK = Pattern.compile("\\bazureml-sdk-core/(\\d{1,3})\\.(\\d{1,3})\\.");

    private LogNames() {}

    /**
     * The same URLs, under the names that this client knows.
     *
     * @param agent the User-Agent header, in which version 0.1 does not say what it is
     * @param definition the run as it was submitted
     */
    static ObjectNode of(@Nullable String agent, Optional<ObjectNode> definition, ObjectNode logFiles) {
        // No later version than 0.1 has such a section.
        boolean of2018 = definition
                .map(submitted -> Json.objectAt(submitted, "Configuration").has("batchai"))
                .orElse(false);
        if (!of2018 && (agent == null || !isOld(agent))) {
            return logFiles;
        }
        ObjectNode named = Json.object();
        for (Map.Entry<String, JsonNode> file : logFiles.properties()) {
            String name = file.getKey().startsWith(TODAY)
                    ? BEFORE + file.getKey().substring(TODAY.length()).replace("_process_", "_")
                    : file.getKey();
            named.set(name, file.getValue());
        }
        return named;
    }

    private static boolean isOld(String agent) {
        Matcher sdk = SDK.matcher(agent);
        return sdk.find() && sdk.group(1).equals("1") && Integer.parseInt(sdk.group(2)) < FIRST_OF_TODAY;
    }
}
