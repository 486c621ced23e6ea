package dev.malachite.server.pipeline;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code ${{parent.…}}} in a step's inputs and outputs refers to. */
sealed interface Binding {

    /** An input of the pipeline; one of a group is {@code group.name}. */
    record PipelineInput(String name) implements Binding {}

    record StepOutput(String step, String output) implements Binding {}

    record PipelineOutput(String name) implements Binding {}

    Pattern PLACE = Pattern.compile("\\$\\{\\{\\s*parent\\.(inputs|outputs|jobs)\\.([^}\\s]+)\\s*}}");

    Pattern OF_STEP = Pattern.compile("([^.]+)\\.outputs\\.([^.]+)");

    /** What the text as a whole refers to. */
    static Optional<Binding> of(String text) {
        Matcher matcher = PLACE.matcher(text.strip());
        return matcher.matches() ? Optional.of(of(matcher)) : Optional.empty();
    }

    /** All that the text refers to. */
    static List<Binding> in(String text) {
        return PLACE.matcher(text)
                .results()
                .map(found -> of(found.group(1), found.group(2)))
                .toList();
    }

    /** The text with each reference replaced. */
    static String fill(String text, Function<Binding, String> value) {
        return PLACE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(value.apply(of(found.group(1), found.group(2)))));
    }

    private static Binding of(Matcher matcher) {
        return of(matcher.group(1), matcher.group(2));
    }

    private static Binding of(String kind, String rest) {
        return switch (kind) {
            case "inputs" -> new PipelineInput(rest);
            case "outputs" -> new PipelineOutput(rest);
            default -> {
                Matcher step = OF_STEP.matcher(rest);
                if (!step.matches()) {
                    throw new AzureException(Errors.userError(
                            "'parent.jobs.%s' does not name the output of a step: 'parent.jobs.<step>.outputs.<output>' is expected."
                                    .formatted(rest)));
                }
                yield new StepOutput(step.group(1), step.group(2));
            }
        };
    }
}
