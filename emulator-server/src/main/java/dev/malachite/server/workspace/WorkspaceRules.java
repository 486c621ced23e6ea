package dev.malachite.server.workspace;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Regions;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a workspace may be called and hold. */
final class WorkspaceRules {

    /** The published schema, from 2023-02-01-preview on. */
    private static final Pattern NAME = Pattern.compile("^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$");

    /** A document is one column of the table. */
    private static final int MAX_DOCUMENT = 900_000;

    private WorkspaceRules() {}

    static void check(WorkspaceRef ref, ObjectNode body) {
        if (!NAME.matcher(ref.name()).matches()) {
            throw new AzureException(Errors.invalidResourceName(ref.name(), NAME.pattern()));
        }
        location(body).ifPresent(location -> {
            if (!Regions.exists(location)) {
                throw new AzureException(Errors.locationNotAvailable(location, WorkspaceService.TYPE, Regions.names()));
            }
        });
        for (String name : new String[] {"tags", "properties", "identity", "sku"}) {
            JsonNode value = Json.member(body, name);
            if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
                throw new AzureException(Errors.invalidContent("'%s' must be an object".formatted(name)));
            }
        }
        if (Json.text(body).length() > MAX_DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The workspace", MAX_DOCUMENT));
        }
    }

    /** Lower case without blanks: {@code Korea Central} is {@code koreacentral}. */
    static Optional<String> location(ObjectNode body) {
        return Json.string(body, "location").filter(text -> !text.isBlank()).map(Regions::canonical);
    }
}
