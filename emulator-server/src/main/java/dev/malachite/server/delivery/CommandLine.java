package dev.malachite.server.delivery;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command as it was written, with places for inputs and outputs: {@code ${{inputs.x}}}, {@code $[[--x ${{inputs.x}}]]}. */
public record CommandLine(String text) {

    private static final Pattern PLACE = Pattern.compile("\\$\\{\\{\\s*(inputs|outputs)\\.([^{}\\s]+)\\s*}}");

    /** Between them: left out as a whole where an input in it was not given. */
    private static final String OPEN = "$[[";

    private static final String CLOSE = "]]";

    /**
     * The command with everything in place.
     *
     * @param values by {@code inputs} or {@code outputs} and name; empty for what was not given
     */
    public String resolve(BiFunction<String, String, Optional<String>> values) {
        StringBuilder resolved = new StringBuilder();
        int at = 0;
        while (true) {
            int open = text.indexOf(OPEN, at);
            int close = open < 0 ? -1 : text.indexOf(CLOSE, open + OPEN.length());
            if (close < 0) {
                return fill(resolved.append(text, at, text.length()).toString(), values);
            }
            String part = text.substring(open + OPEN.length(), close);
            boolean given = PLACE.matcher(part)
                    .results()
                    .allMatch(place ->
                            values.apply(place.group(1), place.group(2)).isPresent());
            resolved.append(text, at, open).append(given ? part : "");
            at = close + CLOSE.length();
        }
    }

    private static String fill(String line, BiFunction<String, String, Optional<String>> values) {
        Matcher matcher = PLACE.matcher(line);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String kind = matcher.group(1);
            String name = matcher.group(2);
            String value = values.apply(kind, name)
                    .orElseThrow(() -> new AzureException(Errors.userError(
                            "The command refers to %s.%s, which the job does not have.".formatted(kind, name))));
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(filled).toString();
    }
}
