package dev.malachite.server.compute;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Scale;
import dev.malachite.engine.VmPriority;
import dev.malachite.engine.VmSize;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a compute resource as a client sent it, and refuses what the service refuses. */
@Component
class ComputeReader {

    /** What versions before the published pattern took (service-facts, Names). */
    private static final Pattern CLUSTER_NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9-]{0,30}[a-zA-Z0-9]");

    /** Published in the schemas from 2025-12-01 on. */
    private static final Pattern PUBLISHED_NAME =
            Pattern.compile("[a-zA-Z](?![a-zA-Z0-9-]*-\\d+$)[a-zA-Z0-9\\-]{2,23}");

    private static final String PUBLISHED_SINCE = "2025-12-01";

    /** They stand for targets that are no compute of the workspace; azureml-core refuses them too. */
    private static final Set<String> RESERVED = Set.of("amlcompute", "local", "containerinstance");

    /** What a null idle time means: the service's own default is in no source; 120 s is what the v2 SDK sends. */
    private static final Duration DEFAULT_IDLE = Duration.ofMinutes(2);

    private static final Duration LONGEST_IDLE = Duration.ofDays(365);
    private static final int MAX_NODES = 100;
    private static final int MAX_TAGS = 50;

    private final VmSizes sizes;

    ComputeReader(VmSizes sizes) {
        this.sizes = sizes;
    }

    void checkName(String name, String apiVersion) {
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw invalid(
                    "InvalidResourceName", "Compute name '%s' is not valid: it is a reserved name.".formatted(name));
        }
        Pattern pattern = apiVersion.compareTo(PUBLISHED_SINCE) >= 0 ? PUBLISHED_NAME : CLUSTER_NAME;
        if (!pattern.matcher(name).matches()) {
            throw invalid(
                    "InvalidResourceName",
                    "Compute name '%s' is not valid. A name for a compute must match '^%s$'."
                            .formatted(name, pattern.pattern()));
        }
    }

    ComputeKind read(ObjectNode resource) {
        ObjectNode properties = required(resource, "properties");
        String type = Json.string(properties, "computeType")
                .orElseThrow(
                        () -> new AzureException(Errors.invalidParameter("properties.computeType", "it is required.")));
        checkTags(resource);
        if (!type.equalsIgnoreCase("AmlCompute")) {
            throw invalid(
                    "ComputeTypeNotSupported",
                    "Compute type '%s' is not supported by this version of Malachite; supported are: AmlCompute."
                            .formatted(type));
        }
        return cluster(required(properties, "properties"));
    }

    private ComputeKind cluster(ObjectNode cluster) {
        String wanted = Json.string(cluster, "vmSize")
                .orElseThrow(() -> new AzureException(Errors.invalidParameter(
                        "properties.properties.vmSize",
                        "the name of a size is required, not %s.".formatted(shown(Json.member(cluster, "vmSize"))))));
        VmSize size = sizes.forCluster(wanted)
                .orElseThrow(() -> invalid(
                        "InvalidVmSize",
                        "The VM size '%s' is not supported for clusters in this region. The vmSizes list has those that are."
                                .formatted(wanted)));
        VmPriority priority = priority(Json.member(cluster, "vmPriority"));
        if (priority == VmPriority.LOW_PRIORITY && !sizes.lowPriorityCapable(size)) {
            throw invalid(
                    "InvalidVmPriority", "The VM size '%s' cannot be had with low priority.".formatted(size.name()));
        }
        return new ComputeKind.AmlCompute(size, priority, scale(required(cluster, "scaleSettings")));
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.toString();
    }

    private static VmPriority priority(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return VmPriority.DEDICATED;
        }
        String text = value.isString() ? value.stringValue().toLowerCase(Locale.ROOT) : "";
        return switch (text) {
            case "dedicated" -> VmPriority.DEDICATED;
            case "lowpriority" -> VmPriority.LOW_PRIORITY;
            default ->
                throw new AzureException(Errors.invalidParameter(
                        "properties.properties.vmPriority",
                        "it is 'Dedicated' or 'LowPriority', not %s.".formatted(value)));
        };
    }

    private static Scale scale(ObjectNode settings) {
        String path = "properties.properties.scaleSettings.";
        JsonNode max = Json.member(settings, "maxNodeCount");
        if (max.isMissingNode() || max.isNull()) {
            throw new AzureException(Errors.invalidParameter(path + "maxNodeCount", "it is required."));
        }
        int most = count(max, path + "maxNodeCount");
        JsonNode min = Json.member(settings, "minNodeCount");
        int least = min.isMissingNode() || min.isNull() ? 0 : count(min, path + "minNodeCount");
        if (least > most) {
            throw new AzureException(Errors.invalidParameter(
                    path + "minNodeCount", "%d is more than the maxNodeCount of %d.".formatted(least, most)));
        }
        if (most > MAX_NODES) {
            throw new AzureException(Errors.invalidParameter(
                    path + "maxNodeCount",
                    "%d is more than the %d nodes that a cluster may have.".formatted(most, MAX_NODES)));
        }
        return new Scale(least, most, idle(Json.member(settings, "nodeIdleTimeBeforeScaleDown")));
    }

    private static int count(JsonNode value, String path) {
        if (!value.isInt() || value.intValue() < 0) {
            throw new AzureException(
                    Errors.invalidParameter(path, "a whole number of 0 or more is expected, not %s.".formatted(value)));
        }
        return value.intValue();
    }

    /** azureml-core sends an empty string for none. */
    private static Duration idle(JsonNode value) {
        if (value.isMissingNode()
                || value.isNull()
                || (value.isString() && value.stringValue().isEmpty())) {
            return DEFAULT_IDLE;
        }
        try {
            Duration idle = Duration.parse(value.isString() ? value.stringValue() : "");
            if (!idle.isNegative() && idle.compareTo(LONGEST_IDLE) <= 0) {
                return idle;
            }
        } catch (DateTimeParseException e) {
            // falls through to the one message for both
        }
        throw new AzureException(Errors.invalidParameter(
                "properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown",
                "an ISO 8601 duration of at most 365 days, such as 'PT120S', is expected, not %s.".formatted(value)));
    }

    private static void checkTags(ObjectNode resource) {
        JsonNode tags = Json.member(resource, "tags");
        if (tags.isMissingNode() || tags.isNull()) {
            return;
        }
        if (!tags.isObject() || tags.size() > MAX_TAGS || tags.valueStream().anyMatch(tag -> !tag.isString())) {
            throw new AzureException(Errors.invalidParameter(
                    "tags", "an object of at most %d strings is expected.".formatted(MAX_TAGS)));
        }
    }

    private static ObjectNode required(JsonNode parent, String name) {
        if (Json.member(parent, name) instanceof ObjectNode object) {
            return object;
        }
        throw new AzureException(Errors.invalidParameter(name, "an object is required."));
    }

    private static AzureException invalid(String code, String message) {
        return new AzureException(new AzureError(400, code, message));
    }
}
