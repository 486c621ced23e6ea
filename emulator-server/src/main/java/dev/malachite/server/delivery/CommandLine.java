package dev.malachite.server.delivery;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command as it was written, with places for inputs and outputs: {@code ${{inputs.x}}}, {@code $[[--x ${{inputs.x}}]]}. */
public record CommandLine(String text) {

    private static final Pattern PLACE = Pattern.compile("\\$\\{\\{\\s*(inputs|outputs)\\.([^}\\s]+)\\s*}}");

    /** Left out as a whole where an input in it was not given. */
    private static final Pattern OPTIONAL = Pattern.compile("\\$\\[\\[(.*?)]]", Pattern.DOTALL);

    /**
     * The command with everything in place.
     *
     * @param values by {@code inputs} or {@code outputs} and name; empty for what was not given
     */
    public String resolve(BiFunction<String, String, Optional<String>> values) {
        Matcher matcher = OPTIONAL.matcher(text);
        StringBuilder resolved = new StringBuilder();
        while (matcher.find()) {
            String part = matcher.group(1);
            boolean given = PLACE.matcher(part)
                    .results()
                    .allMatch(place ->
                            values.apply(place.group(1), place.group(2)).isPresent());
            matcher.appendReplacement(resolved, Matcher.quoteReplacement(given ? part : ""));
        }
        return fill(matcher.appendTail(resolved).toString(), values);
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
