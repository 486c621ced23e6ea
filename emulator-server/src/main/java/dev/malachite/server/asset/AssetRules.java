package dev.malachite.server.asset;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** What assets may be called, and how big they may be. */
public final class AssetRules {

    /** Of one name. */
    static final int MAX_VERSIONS = 10_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

    private static final int MAX_DOCUMENT = 1_000_000;
    private static final int MAX_CONTAINER = 100_000;
    private static final int MAX_ATTRIBUTES = 200_000;
    private static final int MAX_DESCRIPTION = 20_000;

    private AssetRules() {}

    static void checkName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new AzureException(
                    Errors.invalidParameter(
                            what,
                            "it has 1 to 255 characters: letters, digits, '_', '-' and '.', and begins with none of the last two."));
        }
    }

    static Optional<Long> number(String version) {
        return NUMBER.matcher(version).matches() ? Optional.of(Long.valueOf(version)) : Optional.empty();
    }

    static String containerText(ObjectNode document) {
        String text = Json.text(document);
        if (text.length() > MAX_CONTAINER) {
            throw new AzureException(Errors.tooLarge("The asset", MAX_CONTAINER));
        }
        return text;
    }

    static AssetDraft checked(AssetDraft draft) {
        if (Json.text(draft.document()).length() > MAX_DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The asset", MAX_DOCUMENT));
        }
        draft.legacy()
                .filter(known -> Json.text(known).length() > MAX_CONTAINER)
                .ifPresent(known -> {
                    throw new AzureException(Errors.tooLarge("The model", MAX_CONTAINER));
                });
        checkText("tags", draft.tags());
        checkText("properties", draft.properties());
        draft.description().filter(text -> text.length() > MAX_DESCRIPTION).ifPresent(text -> {
            throw new AzureException(Errors.tooLarge("The description", MAX_DESCRIPTION));
        });
        draft.runId().filter(run -> run.length() > 256).ifPresent(run -> {
            throw new AzureException(Errors.invalidParameter("jobName", "it is longer than 256 characters."));
        });
        return draft;
    }

    private static void checkText(String what, Attributes attributes) {
        if (attributes.text().length() > MAX_ATTRIBUTES) {
            throw new AzureException(Errors.tooLarge("All of '" + what + "'", MAX_ATTRIBUTES));
        }
    }
}
