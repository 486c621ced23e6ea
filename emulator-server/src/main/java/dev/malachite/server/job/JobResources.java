package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a v2 job asks of its container, read from {@code resources}: only what is known to be harmless is taken. */
record JobResources(Map<String, String> environment) {

    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,9})([bkmgBKMG]?)");
    private static final Pattern VARIABLE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=(.*)", Pattern.DOTALL);

    /** Of a line: words, with quotes as a shell knows them. */
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    private static final int LONGEST = 10_000;

    static JobResources of(ObjectNode definition) {
        ObjectNode resources = Json.objectAt(definition, "resources");
        Map<String, String> environment = new LinkedHashMap<>();
        Json.string(resources, "shmSize")
                .filter(text -> !text.isBlank())
                .ifPresent(text -> checkSize("properties.resources.shmSize", text));
        List<String> words = words(resources);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = equals < 0 || !word.startsWith("--") ? word : word.substring(0, equals);
            String value = name.length() < word.length()
                    ? word.substring(equals + 1)
                    : i + 1 < words.size() ? words.get(++i) : "";
            switch (name) {
                case "-e", "--env" -> variable(environment, value);
                case "--shm-size" -> checkSize("properties.resources.dockerArgs", value);
                default -> throw refused(name);
            }
        }
        return new JobResources(environment);
    }

    private static List<String> words(ObjectNode resources) {
        if (Json.member(resources, "dockerArgsList") instanceof ArrayNode list) {
            return StreamSupport.stream(list.spliterator(), false)
                    .flatMap(each -> words(each).stream())
                    .toList();
        }
        return words(Json.member(resources, "dockerArgs"));
    }

    private static List<String> words(JsonNode line) {
        String text = line.asString("");
        if (text.length() > LONGEST) {
            throw new AzureException(Errors.invalidParameter("properties.resources.dockerArgs", "it is too long."));
        }
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(
                    matcher.group(1) != null
                            ? matcher.group(1)
                            : matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
        }
        return words;
    }

    private static void variable(Map<String, String> environment, String value) {
        Matcher matcher = VARIABLE.matcher(value);
        if (!matcher.matches()) {
            throw new AzureException(Errors.invalidParameter(
                    "properties.resources.dockerArgs", "'%s' is no variable: NAME=VALUE is.".formatted(value)));
        }
        environment.put(matcher.group(1), matcher.group(2));
    }

    /** A node's shared memory may grow to all of its memory, so there is nothing to set. */
    private static void checkSize(String where, String text) {
        if (!SIZE.matcher(text.strip()).matches()) {
            throw new AzureException(Errors.invalidParameter(where, "'%s' is no size; '2g' is one.".formatted(text)));
        }
    }

    /** A container of ours gets neither privileges, nor paths of the host, nor its network. */
    private static AzureException refused(String name) {
        return new AzureException(
                Errors.userError(
                        "The Docker argument '%s' is not allowed in a job here; allowed are --shm-size and --env."
                                .formatted(name)));
    }
}
