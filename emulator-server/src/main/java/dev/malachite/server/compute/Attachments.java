package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.server.resource.ArmId;
import dev.malachite.server.resource.Resources;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Finds what a compute names as its resource, and what was declared of it. */
@Component
@EnableConfigurationProperties(AttachSettings.class)
class Attachments {

    private static final String PATH = "properties.resourceId";

    private final Resources resources;
    private final AttachSettings settings;

    Attachments(Resources resources, AttachSettings settings) {
        this.resources = resources;
        this.settings = settings;
    }

    /**
     * The resource that is to be attached, if any is named.
     *
     * @param types of which it may be
     */
    Optional<ArmId> named(ObjectNode resource, List<String> types) {
        Optional<ArmId> named = Json.string(Json.objectAt(resource, "properties"), "resourceId")
                .filter(text -> !text.isBlank())
                .map(text -> ArmId.parse(text)
                        .filter(id -> types.stream().anyMatch(id.type()::equalsIgnoreCase))
                        .orElseThrow(() -> new AzureException(Errors.invalidParameter(
                                PATH,
                                "'%s' is not the ARM id of a resource of the type %s."
                                        .formatted(text, String.join(" or ", types))))));
        named.filter(id -> settings.declaredOnly() && resources.find(id.text()).isEmpty())
                .ifPresent(id -> {
                    throw new AzureException(Errors.resourceNotFound(id.type(), id.name(), id.group()));
                });
        return named;
    }

    /** The properties that the resource was declared with; empty for one that was not. */
    ObjectNode declared(Optional<String> id) {
        return id.flatMap(resources::find)
                .map(resource -> Json.objectAt(resource, "properties"))
                .orElseGet(Json::object);
    }

    /** What is attached and cannot be made here was not named. */
    static AzureException missing(String computeType, List<String> types) {
        return new AzureException(Errors.invalidParameter(
                PATH,
                "compute of the type %s cannot be created, only attached: the ARM id of a resource of the type %s is required."
                        .formatted(computeType, String.join(" or ", types))));
    }
}
