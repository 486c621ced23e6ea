package dev.malachite.server.runtime.docker;

import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.web.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Reads a user's Dockerfile as far as it must be changed before the engine may have it: the images that it names become
 * those that stand for them here, and nothing in it is fetched by the engine itself, which sits in this machine's network.
 */
final class Dockerfile {

    private static final Pattern FROM =
            Pattern.compile("FROM\\s+(?:--platform=\\S+\\s+)?(\\S+)(?:\\s+AS\\s+(\\S+))?", Pattern.CASE_INSENSITIVE);

    private static final Pattern ARGUMENT =
            Pattern.compile("ARG\\s+([A-Za-z_][A-Za-z0-9_]*)=(.*)", Pattern.CASE_INSENSITIVE);

    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}|([A-Za-z_][A-Za-z0-9_]*))");

    private static final Pattern COPY = Pattern.compile(
            "(COPY\\s+(?:--\\S+\\s+)*?--from=)(\\S+)(\\s.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern ADD = Pattern.compile("ADD\\s+(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern ON_BUILD =
            Pattern.compile("(ONBUILD\\s+)(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** How every instruction begins. The builder takes more for white space than we do, and lower case further. */
    private static final Pattern INSTRUCTION = Pattern.compile("[A-Za-z]+(?:\\s.*)?", Pattern.DOTALL);

    /** What the builder would not read as another flag than we do. */
    private static final Pattern FLAG = Pattern.compile("--[a-z-]+(?:=[^\\s\"'\\\\]*)?");

    /** The builder parts flags at every white space of Unicode's. */
    private static final Pattern SPACES = Pattern.compile("[\\s\\x85\\p{Z}]+");

    /** Paths, and nothing that the builder would take apart and put together again as something else. */
    private static final Pattern PATHS = Pattern.compile("[A-Za-z0-9\\s._/*?=:,@+~-]+");

    private static final Pattern GIT = Pattern.compile("\\S@\\S+:\\S");

    private static final Pattern ESCAPE = Pattern.compile("#\\s*escape\\s*=\\s*`\\s*", Pattern.CASE_INSENSITIVE);

    private final List<String> arguments;
    private final Bases bases;
    private final Map<String, String> globals = new HashMap<>();
    private final Set<String> stages = new HashSet<>();
    private final StringBuilder text = new StringBuilder();

    private Dockerfile(List<String> arguments, Bases bases) {
        this.arguments = arguments;
        this.bases = bases;
    }

    /** Which image of the engine stands for the one that is named. */
    @FunctionalInterface
    interface Bases {
        String find(String image) throws ImageFailure, IOException;
    }

    /**
     * The text to build from.
     *
     * @param arguments names of build arguments that every stage is told, as if it declared them
     */
    static String rewritten(String source, List<String> arguments, Bases bases) throws ImageFailure, IOException {
        Dockerfile file = new Dockerfile(arguments, bases);
        List<String> lines = source.replaceFirst("^\uFEFF", "").lines().toList();
        if (!lines.isEmpty() && ESCAPE.matcher(lines.getFirst()).matches()) {
            throw new ImageFailure("The Dockerfile is one of Windows (escape=`); nodes here are Linux.");
        }
        List<String> instruction = new ArrayList<>();
        for (String line : lines) {
            boolean comment = line.stripLeading().startsWith("#");
            if (!comment) {
                instruction.add(line);
            }
            if (!comment && !line.stripTrailing().endsWith("\\") && !(line.isBlank() && instruction.size() > 1)) {
                file.instruction(instruction);
                instruction.clear();
            }
        }
        file.instruction(instruction);
        if (file.text.isEmpty()) {
            throw new ImageFailure("The Dockerfile is empty.");
        }
        return file.text.toString();
    }

    private void instruction(List<String> lines) throws ImageFailure, IOException {
        StringBuilder joined = new StringBuilder();
        for (String line : lines) {
            String end = line.stripTrailing();
            joined.append(end.endsWith("\\") ? end.substring(0, end.length() - 1) : end);
        }
        String whole = joined.toString().strip();
        if (whole.isEmpty()) {
            return;
        }
        Matcher from = FROM.matcher(whole);
        Matcher argument = ARGUMENT.matcher(whole);
        if (from.matches()) {
            from(from.group(1), from.group(2));
            return;
        }
        if (argument.matches() && text.indexOf("FROM ") < 0) {
            globals.put(argument.group(1), resolved(unquoted(argument.group(2).strip())));
        }
        text.append(checked(whole)).append('\n');
    }

    /** An instruction of a stage, or what one leaves to whoever builds upon the image. */
    private String checked(String whole) throws ImageFailure, IOException {
        Matcher later = ON_BUILD.matcher(whole);
        if (later.matches()) {
            return later.group(1) + checked(later.group(2));
        }
        Matcher add = ADD.matcher(whole);
        if (add.matches() && !isLocal(add.group(1))) {
            throw new ImageFailure(
                    "The Dockerfile's 'ADD %s' is refused: the engine would fetch it by this machine's network. Take COPY for files of the context, and RUN with curl for others."
                            .formatted(add.group(1)));
        }
        String word = whole.split("\\s", 2)[0].toUpperCase(Locale.ROOT);
        if (!INSTRUCTION.matcher(whole).matches() || word.equals("FROM")) {
            throw unreadable(whole);
        }
        if (!word.equals("COPY") || !takesFromElsewhere(whole)) {
            return whole;
        }
        Matcher copy = COPY.matcher(whole);
        if (!copy.matches()) {
            throw unreadable(whole);
        }
        return copy.group(1) + stage(copy.group(2)) + copy.group(3);
    }

    private static boolean takesFromElsewhere(String copy) throws ImageFailure {
        boolean from = false;
        for (String flag : SPACES.splitAsStream(copy)
                .skip(1)
                .takeWhile(word -> word.startsWith("--"))
                .toList()) {
            if (!FLAG.matcher(flag).matches()) {
                throw unreadable(copy);
            }
            from |= flag.startsWith("--from");
        }
        return from;
    }

    private static ImageFailure unreadable(String instruction) {
        return new ImageFailure(
                "The Dockerfile's '%s' is refused: it is no instruction that can be read in one way alone."
                        .formatted(instruction));
    }

    private void from(String image, String name) throws ImageFailure, IOException {
        text.append("FROM ").append(stage(resolved(image)));
        if (name != null) {
            text.append(" AS ").append(name);
            stages.add(name.toLowerCase(Locale.ROOT));
        }
        text.append('\n');
        arguments.forEach(each -> text.append("ARG ").append(each).append('\n'));
    }

    /** Stages are called by name or number; what is neither is an image. */
    private String stage(String named) throws ImageFailure, IOException {
        boolean known = stages.contains(named.toLowerCase(Locale.ROOT))
                || named.equalsIgnoreCase("scratch")
                || named.chars().allMatch(Character::isDigit);
        return known ? named : bases.find(named);
    }

    private String resolved(String value) {
        return VARIABLE.matcher(value).replaceAll(variable -> {
            String name = variable.group(1) == null ? variable.group(3) : variable.group(1);
            String otherwise = variable.group(2) == null ? "" : variable.group(2);
            return Matcher.quoteReplacement(globals.getOrDefault(name, otherwise));
        });
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && ((value.startsWith("\"") && value.endsWith("\"")) || (value.startsWith("'") && value.endsWith("'")));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static boolean isLocal(String paths) {
        if (paths.startsWith("[")) {
            try {
                JsonNode list = Json.mapper().readTree(paths);
                return list instanceof ArrayNode
                        && list.valueStream().allMatch(each -> each.isString() && isPlain(each.stringValue()));
            } catch (JacksonException e) {
                return false;
            }
        }
        return isPlain(paths);
    }

    /** Neither a URL nor git's {@code user@host:path}. */
    private static boolean isPlain(String paths) {
        return PATHS.matcher(paths).matches()
                && !paths.contains("://")
                && !GIT.matcher(paths).find();
    }
}
