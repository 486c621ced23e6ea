package dev.malachite.server.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns an environment's definition into lines for pip. Without conda on the node, its packages are met from PyPI where
 * the same thing is known to be there, and refused by name where it is not.
 */
public final class Requirements {

    private static final Properties NAMES = names();
    private static final Pattern SPEC =
            Pattern.compile("(?:[^:\\s]+::)?([A-Za-z0-9_.-]+)\\s*([=<>!~][^\\[]*)?(?:\\[.*])?");

    /** The v1 SDK names PyPI by its former address beside the present one: asked twice, it says the same. */
    private static final Pattern FORMER =
            Pattern.compile("(-f|--find-links|--extra-index-url)[=\\s]\\s*https?://[a-z]+\\.python\\.org/simple\\S*");

    /**
     * azureml-core 0.1.68 names its own release for every environment that it describes. It goes with Python 3.6 and with what
     * there was in its autumn, so no pip of today can install it.
     */
    private static final Pattern OF_2018 = Pattern.compile("azureml-(?:core|defaults|sdk)(?:\\[.*])?==0\\..*");

    private Requirements() {}

    /** The lines, conda's first as conda would install them first. */
    public static List<String> lines(ImageDefinition definition, Consumer<String> log) throws ImageFailure {
        List<String> lines = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String wanted : definition.conda()) {
            Matcher spec = SPEC.matcher(wanted.strip());
            String name = spec.matches() ? spec.group(1).toLowerCase(Locale.ROOT) : "";
            String known = NAMES.getProperty(name);
            if (known == null) {
                unknown.add(wanted);
            } else if (known.isEmpty()) {
                log.accept("conda package '" + wanted + "' is left out: the image has it or does not need it");
            } else {
                String line = known + version(spec.group(2));
                log.accept("conda package '" + wanted + "' is taken from PyPI: " + line);
                lines.add(line);
            }
        }
        if (!unknown.isEmpty()) {
            throw new ImageFailure("There is no conda here, and no package of PyPI is known for: "
                    + String.join(", ", unknown) + ". Name a pip package instead, or use an image that has it"
                    + " (user-managed).");
        }
        for (String line : definition.pip()) {
            if (OF_2018.matcher(line.strip()).matches()) {
                log.accept("'" + line
                        + "' is left out: it can be installed no more, and nothing but the script itself needs it");
            } else if (!FORMER.matcher(line).matches()) {
                lines.add(line);
            }
        }
        return lines;
    }

    /** Conda's {@code =1.2} means any 1.2; pip has {@code ==1.2.*} for it. A build string has no counterpart. */
    private static String version(String spec) {
        if (spec == null || spec.isBlank()) {
            return "";
        }
        String text = spec.strip();
        if (!text.startsWith("=")) {
            return text;
        }
        String number = text.replaceFirst("^=+", "").split("=", 2)[0].strip();
        boolean exact = text.startsWith("==")
                || number.contains("*")
                || number.chars().filter(c -> c == '.').count() > 1;
        return "==" + number + (exact ? "" : ".*");
    }

    private static Properties names() {
        Properties names = new Properties();
        try (InputStream in = Requirements.class.getResourceAsStream("/runtime/conda-names.properties")) {
            if (in == null) {
                throw new IllegalStateException("conda-names.properties is not in the jar");
            }
            names.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
