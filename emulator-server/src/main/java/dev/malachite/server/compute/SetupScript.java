package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * A script that sets a compute instance up, as clients send it (schema {@code ScriptReference}): its text itself, or where
 * it lies in the workspace's storage; the v2 SDK also sends a bare command.
 *
 * @param source {@code inline} or {@code workspaceStorage}
 * @param data the text in base64, or the path; empty for a bare command
 * @param arguments a line for a shell
 */
record SetupScript(Source source, Optional<String> data, String arguments, Duration limit) {

    static final String CREATION = "creationScript";
    static final String STARTUP = "startupScript";

    /** What the service gives a script that names no limit (Microsoft's "Customize the compute instance with a script"). */
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(15);

    private static final Duration LONGEST = Duration.ofDays(1);

    /** The v2 SDK writes minutes in this way, and {@code Nonem} for none. */
    private static final Pattern MINUTES = Pattern.compile("(\\d{1,5})m");

    enum Source {
        INLINE,
        WORKSPACE_STORAGE
    }

    /** The script of that name in the properties of an instance; one that has neither text nor command is none. */
    static Optional<SetupScript> find(ObjectNode inner, String name) {
        ObjectNode scripts = Json.objectAt(Json.objectAt(inner, "setupScripts"), "scripts");
        if (!(Json.member(scripts, name) instanceof ObjectNode script)) {
            return Optional.empty();
        }
        Optional<String> data = Json.string(script, "scriptData").filter(text -> !text.isBlank());
        String arguments = Json.string(script, "scriptArguments").orElse("").strip();
        if (data.isEmpty() && arguments.isEmpty()) {
            return Optional.empty();
        }
        SetupScript read = new SetupScript(
                source(name, Json.string(script, "scriptSource").orElse("workspaceStorage")),
                data,
                arguments,
                limit(name, Json.string(script, "timeout").orElse("")));
        if (read.source() == Source.INLINE) {
            read.data().ifPresent(text -> decoded(name, text));
        }
        return Optional.of(read);
    }

    /** The text of an inline script. */
    static byte[] decoded(String name, String data) {
        try {
            return Base64.getDecoder().decode(data.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw invalid(name, "scriptData", "an inline script is sent in base64.");
        }
    }

    private static Source source(String name, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "inline" -> Source.INLINE;
            case "workspacestorage" -> Source.WORKSPACE_STORAGE;
            default ->
                throw invalid(name, "scriptSource", "it is inline or workspaceStorage, not '%s'.".formatted(text));
        };
    }

    private static Duration limit(String name, String text) {
        if (text.isBlank() || text.equals("Nonem")) {
            return USUAL_LIMIT;
        }
        Matcher minutes = MINUTES.matcher(text);
        try {
            Duration limit =
                    minutes.matches() ? Duration.ofMinutes(Long.parseLong(minutes.group(1))) : Duration.parse(text);
            if (limit.isPositive() && limit.compareTo(LONGEST) <= 0) {
                return limit;
            }
        } catch (DateTimeParseException e) {
            // falls through to the one message for both
        }
        throw invalid(
                name,
                "timeout",
                "minutes such as '10m' or an ISO 8601 duration of at most a day are expected, not '%s'."
                        .formatted(text));
    }

    private static AzureException invalid(String script, String member, String why) {
        return new AzureException(Errors.invalidParameter(
                "properties.properties.setupScripts.scripts.%s.%s".formatted(script, member), why));
    }
}
