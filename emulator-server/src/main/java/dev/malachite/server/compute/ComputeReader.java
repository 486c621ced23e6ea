package dev.malachite.server.compute;

import dev.malachite.api.AzureError;
import dev.malachite.api.Errors;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetId;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a compute resource as a client sent it, and refuses what the service refuses. */
@Component
class ComputeReader {

    /** Published in the schemas from 2025-12-01 on. */
    private static final Pattern PUBLISHED_NAME =
            Pattern.compile("[a-zA-Z](?![a-zA-Z0-9-]*-\\d+$)[a-zA-Z0-9\\-]{2,23}");

    private static final String PUBLISHED_SINCE = "2025-12-01";

    /** They stand for targets that are no compute of the workspace; azureml-core refuses them too. */
    private static final Set<String> RESERVED = Set.of("amlcompute", "local", "containerinstance");

    private static final int MAX_DOCUMENT = 500_000;
    private static final int MAX_TAGS = 50;

    private final WireKinds kinds;
    private final ComputeKeys keys;

    ComputeReader(WireKinds kinds, ComputeKeys keys) {
        this.keys = keys;
        this.kinds = kinds;
    }

    void checkName(String name, String apiVersion, ObjectNode resource) {
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw invalid(
                    "InvalidResourceName", "Compute name '%s' is not valid: it is a reserved name.".formatted(name));
        }
        Pattern pattern = apiVersion.compareTo(PUBLISHED_SINCE) >= 0
                ? PUBLISHED_NAME
                : kind(resource).names();
        if (!pattern.matcher(name).matches()) {
            throw invalid("InvalidResourceName", kind(resource).misnamed(name, pattern));
        }
    }

    ComputeKind read(Workspace workspace, ObjectNode resource) {
        checkTags(resource);
        return kind(resource).read(workspace, resource);
    }

    private WireKind kind(ObjectNode resource) {
        return kinds.named(Json.string(required(resource, "properties"), "computeType")
                .orElseThrow(() ->
                        new AzureException(Errors.invalidParameter("properties.computeType", "it is required."))));
    }

    /** The resource that a client sent, with what we keep ourselves. */
    ObjectNode completed(ObjectNode resource, Optional<Target> known, CallerIdentity caller) {
        ObjectNode completed = resource.deepCopy();
        kind(completed).complete(completed, known, caller);
        return completed;
    }

    /** The properties of the kind, within those of the resource; writable where they are there. */
    static ObjectNode inner(ObjectNode resource) {
        return Json.objectAt(Json.objectAt(resource, "properties"), "properties");
    }

    /** The same as they are stored. */
    static ObjectNode inner(Target target) {
        return inner(Json.parse(target.document()));
    }

    /** What is stored: no secret in plain text. */
    String kept(ObjectNode resource, TargetId id) {
        String text = Json.text(keys.stored(resource, id, kind(resource).secrets()));
        if (text.length() > MAX_DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The compute resource", MAX_DOCUMENT));
        }
        return text;
    }

    /**
     * What an update comes to: what it cannot change, and secrets that it does not say, are those of before. One that wants
     * another type is left to the rules, which refuse it.
     */
    ObjectNode update(Target known, ObjectNode resource) {
        WireKind kind = kinds.of(known);
        if (!kind.equals(kind(resource))) {
            return resource;
        }
        ObjectNode before = keys.filled(Json.parse(known.document()), known, kind.secrets());
        ObjectNode after = keys.filled(resource, known, kind.secrets());
        if (Json.member(before, "location").isMissingNode()) {
            before.set("location", Json.member(after, "location")); // kept by a version that did not ask for it
        }
        kind.fixed().forEach(field -> field.hold(known.displayName(), before, after));
        return after;
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

    static ObjectNode required(JsonNode parent, String name) {
        if (Json.member(parent, name) instanceof ObjectNode object) {
            return object;
        }
        throw new AzureException(Errors.invalidParameter(name, "an object is required."));
    }

    static AzureException invalid(String code, String message) {
        return new AzureException(new AzureError(400, code, message));
    }
}
