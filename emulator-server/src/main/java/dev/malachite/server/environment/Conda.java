package dev.malachite.server.environment;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a conda definition asks for.
 *
 * @param python the version, when one is named
 * @param packages other than python and pip
 */
record Conda(Optional<String> python, List<String> pip, List<String> packages, List<String> channels) {

    private static final int MAX_TEXT = 200_000;
    private static final int MAX_LINES = 2_000;
    private static final int MAX_LINE = 2_000;

    /** A match specification: channel, name, and versions after a blank or an operator. */
    private static final Pattern PACKAGE = Pattern.compile(
            "(?:[A-Za-z0-9_./-]+::)?([A-Za-z0-9_][A-Za-z0-9_.-]*)(?:\\[[^\\[\\]]*])?\\s*([=<>!~\\s][A-Za-z0-9_.*+=<>!~,|\\s-]*)?");

    private static final Pattern VERSION = Pattern.compile("(?:^|[=~,\\s])\\s*([0-9]+(?:\\.[0-9]+)*)");

    /** Reads a conda file's text. */
    static Conda parse(String yaml) {
        return read(tree(yaml));
    }

    /** A conda file as JSON. */
    static JsonNode tree(String yaml) {
        if (yaml.length() > MAX_TEXT) {
            throw bad("it is longer than " + MAX_TEXT + " characters");
        }
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(20);
        options.setNestingDepthLimit(20);
        options.setAllowDuplicateKeys(false);
        try {
            Object loaded = new Yaml(new SafeConstructor(options)).load(yaml);
            return Json.mapper().valueToTree(loaded);
        } catch (YAMLException e) {
            throw bad("it is not valid YAML: " + firstLines(String.valueOf(e.getMessage())));
        }
    }

    static String yaml(JsonNode tree) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()), new Representer(options), options);
        return yaml.dump(Json.mapper().treeToValue(tree, Object.class));
    }

    static Conda read(JsonNode definition) {
        if (!(definition instanceof ObjectNode)) {
            throw bad("a mapping with 'dependencies' is expected");
        }
        List<String> pip = new ArrayList<>();
        List<String> packages = new ArrayList<>();
        Optional<String> python = Optional.empty();
        for (JsonNode dependency : list(definition, "dependencies")) {
            if (dependency instanceof ObjectNode nested) {
                pip.addAll(pip(nested));
                continue;
            }
            String line = line(dependency, "dependencies");
            Matcher match = PACKAGE.matcher(line);
            if (!match.matches()) {
                throw bad("'" + line + "' is not a conda package");
            }
            switch (match.group(1).toLowerCase(Locale.ROOT)) {
                case "python" -> python = version(match.group(2));
                case "pip" -> {
                    // What installs the rest is the image's own.
                }
                default -> packages.add(line);
            }
        }
        List<String> channels = new ArrayList<>();
        for (JsonNode channel : list(definition, "channels")) {
            channels.add(line(channel, "channels"));
        }
        return new Conda(python, List.copyOf(pip), List.copyOf(packages), List.copyOf(channels));
    }

    private static List<String> pip(ObjectNode nested) {
        if (nested.size() != 1 || !nested.has("pip")) {
            throw bad("below 'dependencies' only 'pip' can hold a list, not '"
                    + String.join("', '", nested.propertyNames()) + "'");
        }
        List<String> lines = new ArrayList<>();
        for (JsonNode requirement : list(nested, "pip")) {
            String line = line(requirement, "pip");
            lines.add(PipLine.checked(line));
        }
        return lines;
    }

    private static Optional<String> version(@Nullable String constraint) {
        if (constraint == null) {
            return Optional.empty();
        }
        Matcher match = VERSION.matcher(constraint);
        return match.find() ? Optional.of(match.group(1)) : Optional.empty();
    }

    private static Iterable<JsonNode> list(JsonNode node, String member) {
        JsonNode list = node.path(member);
        if (list.isMissingNode() || list.isNull()) {
            return List.of();
        }
        if (!list.isArray()) {
            throw bad("'" + member + "' must be a list");
        }
        if (list.size() > MAX_LINES) {
            throw bad("'" + member + "' has more than " + MAX_LINES + " entries");
        }
        return list;
    }

    private static String line(JsonNode node, String member) {
        if (!node.isValueNode() || node.isNull()) {
            throw bad("an entry of '" + member + "' is not text");
        }
        String line = node.asString().strip();
        if (line.isEmpty() || line.length() > MAX_LINE || line.chars().anyMatch(Character::isISOControl)) {
            throw bad("an entry of '" + member + "' is empty, too long, or has control characters");
        }
        return line;
    }

    private static String firstLines(String message) {
        return message.lines()
                .limit(3)
                .map(String::strip)
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }

    static AzureException bad(String why) {
        return new AzureException(Errors.userError("The conda definition cannot be used: " + why + "."));
    }
}
