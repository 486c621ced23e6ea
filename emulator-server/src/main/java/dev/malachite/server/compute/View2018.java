package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compute as the first public version of the interface shows it (clients.md 6.2; what azureml-core 0.1.68 reads): ids are
 * names alone, and how a Batch AI cluster is stands in one object whose keys are paths.
 */
final class View2018 {

    private static final String VERSION = "2018-03-01-preview";

    private View2018() {}

    static boolean is(String apiVersion) {
        return apiVersion.equalsIgnoreCase(VERSION);
    }

    /**
     * What a DELETE means that does not say it: that version has no word for it, all others ask for one. What was only
     * attached loses its association alone (azureml-core 0.1.68, BatchAiCompute.delete and its like).
     */
    static String deletion(String apiVersion, boolean attached) {
        if (!is(apiVersion)) {
            throw new AzureException(Errors.invalidParameter("underlyingResourceAction", "it is required."));
        }
        return attached ? "Detach" : "Delete";
    }

    /** The resource as that version shows it; other versions show it as it is. */
    static ObjectNode in(String apiVersion, ObjectNode resource) {
        if (!is(apiVersion)) {
            return resource;
        }
        resource.set("id", resource.path("name"));
        ObjectNode properties = Json.objectAt(resource, "properties");
        if (properties.path("computeType").asString("").equalsIgnoreCase(BatchAiWire.TYPE)) {
            status(properties, Json.objectAt(properties, "properties"));
        }
        return resource;
    }

    private static void status(ObjectNode properties, ObjectNode cluster) {
        if (!cluster.path("currentNodeCount").isInt()) {
            // Just asked for: nothing is known of it, and the SDK takes an empty status for a broken one.
            return;
        }
        ObjectNode status = properties.putObject("status").putObject("detailedStatus");
        copy(cluster, status, "allocationState");
        copy(cluster, status, "allocationStateTransitionTime");
        copy(cluster, status, "currentNodeCount");
        copy(cluster, status, "errors");
        copy(cluster, status, "nodeStateCounts");
        copy(cluster, status, "vmPriority");
        copy(cluster, status, "vmSize");
        lower(status, "properties.allocationState");
        status.set("properties.creationTime", properties.path("createdOn"));
        status.set("properties.provisioningState", properties.path("provisioningState"));
        lower(status, "properties.provisioningState");
        status.set("properties.provisioningStateTransitionTime", properties.path("createdOn"));
        status.set("properties.scaleSettings", scale(Json.objectAt(cluster, "scaleSettings")));
    }

    private static void copy(ObjectNode from, ObjectNode to, String name) {
        to.set("properties." + name, from.path(name));
    }

    /** Batch AI's own words for states are in lower case. */
    private static void lower(ObjectNode status, String name) {
        JsonNode state = status.path(name);
        if (state.isString()) {
            status.put(name, state.stringValue().toLowerCase(Locale.ROOT));
        }
    }

    private static ObjectNode scale(ObjectNode asked) {
        ObjectNode scale = Json.object();
        if (asked.path("autoScaleEnabled").asBoolean(true)) {
            ObjectNode automatic = scale.putNull("manual").putObject("autoScale");
            automatic.set("minimumNodeCount", asked.path("minNodeCount"));
            automatic.set("maximumNodeCount", asked.path("maxNodeCount"));
            automatic.set("initialNodeCount", asked.path("minNodeCount"));
        } else {
            ObjectNode manual = scale.putNull("autoScale").putObject("manual");
            manual.set("targetNodeCount", asked.path("maxNodeCount"));
            manual.put("nodeDeallocationOption", "requeue");
        }
        return scale;
    }
}
