package dev.malachite.server.environment;

import dev.malachite.api.Errors;
import dev.malachite.server.environment.EnvironmentView.Dialect;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.ContentHash;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What environments may be called, and when two of them are the same. */
final class EnvironmentRules {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

    /** Documented for the SDKs: these prefixes are kept for Microsoft's curated environments. */
    private static final List<String> RESERVED = List.of("azureml", "microsoft");

    private static final Set<String> V1_DESCRIPTIVE = Set.of("name", "version");

    /** The rest describes a version: azure-ai-ml archives one by sending it back with what our answer added. */
    private static final Set<String> V2_CONTENT = Set.of("image", "condafile", "build", "inferenceconfig");

    private static final int MAX_DOCUMENT = 1_000_000;

    private EnvironmentRules() {}

    static String checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new AzureException(
                    Errors.userError(
                            "The environment name is not valid. It must have 1 to 255 characters: letters, digits, '_', '-' and '.'."));
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (RESERVED.stream().anyMatch(lower::startsWith)) {
            throw new AzureException(Errors.userError(
                    "The environment name '%s' is not allowed: names that begin with AzureML or Microsoft are reserved."
                            .formatted(name)));
        }
        return name;
    }

    static String checkVersion(String version) {
        if (!NAME.matcher(version).matches()) {
            throw new AzureException(
                    Errors.userError(
                            "The environment version is not valid. It must have 1 to 255 characters: letters, digits, '_', '-' and '.'."));
        }
        return version;
    }

    static String text(ObjectNode document) {
        String text = Json.text(document);
        if (text.length() > MAX_DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The environment", MAX_DOCUMENT));
        }
        return text;
    }

    static Optional<Long> number(String version) {
        return NUMBER.matcher(version).matches() ? Optional.of(Long.valueOf(version)) : Optional.empty();
    }

    /** Equal for documents that mean the same: order and case of keys, and nulls, do not count. */
    static String contentHash(Dialect dialect, ObjectNode document) {
        ObjectNode content = Json.object();
        document.properties().stream()
                .filter(member -> isContent(dialect, member.getKey().toLowerCase(Locale.ROOT)))
                .forEach(member ->
                        content.set(member.getKey().toLowerCase(Locale.ROOT), withDockerfile(member.getValue())));
        return sha256(dialect + Json.text(ContentHash.canonical(content)));
    }

    /** A build context whose Dockerfile is not named has one of that name; azure-ai-ml sends back what it was answered. */
    static JsonNode withDockerfile(JsonNode node) {
        if (node instanceof ObjectNode build
                && Json.string(build, "contextUri").isPresent()
                && Json.string(build, "dockerfilePath").isEmpty()) {
            return build.deepCopy().put("dockerfilePath", "Dockerfile");
        }
        return node;
    }

    private static boolean isContent(Dialect dialect, String key) {
        return switch (dialect) {
            case V1 -> !V1_DESCRIPTIVE.contains(key);
            case V2 -> V2_CONTENT.contains(key);
        };
    }

    static String sha256(String text) {
        return ContentHash.sha256(text);
    }
}
