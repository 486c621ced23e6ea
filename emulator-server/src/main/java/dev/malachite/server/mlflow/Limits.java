package dev.malachite.server.mlflow;

import dev.malachite.server.database.Page;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What may be logged, and how much: the limits of MLflow's own server (mlflow/utils/validation.py). */
final class Limits {

    static final int KEY = 250;
    static final int PARAM = 6_000;
    static final int METRICS = 1_000;
    static final int PARAMS = 100;
    static final int TAGS = 100;
    static final int ENTITIES = 1_000;
    static final int DATASETS = 1_000;

    private static final Pattern NAME = Pattern.compile("[/\\p{L}\\p{N}_.\\- :]*");
    private static final Pattern TOKEN = Pattern.compile("\\{\"offset\": ?(\\d{1,9})}");

    private Limits() {}

    /** Names may become names of files: they must not mean another one then. */
    static String key(Asked asked, String name, String what) {
        String key = asked.require(name);
        if (key.length() > KEY) {
            throw MlflowErrors.invalid(
                    "%s exceeds the maximum length of %d characters: it has %d.".formatted(what, KEY, key.length()));
        }
        if (!NAME.matcher(key).matches()) {
            throw MlflowErrors.invalid(
                    ("Invalid value \"%s\" for parameter '%s%s' supplied: Names may only contain alphanumerics,"
                                    + " underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).")
                            .formatted(key, asked.path(), name));
        }
        for (String part : key.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw MlflowErrors.invalid(
                        ("Invalid value \"%s\" for parameter '%s%s' supplied: Names may be treated as files in certain"
                                        + " cases, and must not resolve to other names when treated as such.")
                                .formatted(key, asked.path(), name));
            }
        }
        return key;
    }

    static String param(Asked asked, String key) {
        String value = asked.text("value").orElse("");
        if (value.length() > PARAM) {
            throw MlflowErrors.invalid("Param value of '%s' exceeds the maximum length of %d characters: it has %d."
                    .formatted(key, PARAM, value.length()));
        }
        return value;
    }

    static void count(String what, int count, int most) {
        if (count > most) {
            throw MlflowErrors.invalid(
                    "A batch logging request can contain at most %d %s. Got %d %s. Please split up %s across multiple requests and try again."
                            .formatted(most, what, count, what, what));
        }
    }

    /** What a client asks for of a list. */
    static Page page(Asked asked, int byDefault, int most) {
        long wanted = asked.whole("max_results").orElse((long) byDefault);
        if (wanted < 1 || wanted > most) {
            throw MlflowErrors.invalid("Invalid value %d for parameter 'max_results' supplied. It must be from 1 to %d."
                    .formatted(wanted, most));
        }
        return new Page(skip(asked.given("page_token")), (int) wanted);
    }

    private static int skip(Optional<String> token) {
        if (token.isEmpty()) {
            return 0;
        }
        try {
            Matcher offset = TOKEN.matcher(new String(Base64.getDecoder().decode(token.get()), StandardCharsets.UTF_8));
            if (offset.matches()) {
                return Integer.parseInt(offset.group(1));
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw MlflowErrors.invalid("Invalid page token: it is not one that was handed out.");
    }

    static String token(int skip) {
        return Base64.getEncoder().encodeToString(("{\"offset\": " + skip + "}").getBytes(StandardCharsets.UTF_8));
    }
}
