package dev.malachite.server.arm;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Regions;
import dev.malachite.server.workspace.Workspace;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code $filter} of the list of resources: comparisons joined by {@code and}. */
final class ResourceFilter {

    // Possessive: an alternative in a loop would take a stack frame for every character of a long value.
    private static final Pattern CLAUSE = Pattern.compile(
            "\\s*(?<field>\\w+)\\s+(?<operator>eq|ne)\\s+'(?<value>[^']*+(?:''[^']*+)*+)'\\s*(?<and>and\\b|$)",
            Pattern.CASE_INSENSITIVE);

    private ResourceFilter() {}

    static Predicate<Workspace> parse(@Nullable String filter) {
        Predicate<Workspace> all = workspace -> true;
        if (filter == null || filter.isBlank()) {
            return all;
        }
        Matcher matcher = CLAUSE.matcher(filter);
        int end = 0;
        boolean more = true;
        while (more && matcher.find(end) && matcher.start() == end) {
            Predicate<Workspace> clause = clause(
                    filter, matcher.group("field"), matcher.group("value").replace("''", "'"));
            all = all.and(matcher.group("operator").equalsIgnoreCase("eq") ? clause : clause.negate());
            end = matcher.end();
            more = !matcher.group("and").isEmpty();
        }
        if (more || end != filter.length()) {
            throw new AzureException(Errors.invalidFilter(filter));
        }
        return all;
    }

    private static Predicate<Workspace> clause(String filter, String field, String value) {
        return switch (field.toLowerCase(Locale.ROOT)) {
            case "resourcetype" -> workspace -> value.equalsIgnoreCase("Microsoft.MachineLearningServices/workspaces");
            case "resourcegroup" -> workspace -> workspace.ref().resourceGroup().equalsIgnoreCase(value);
            case "name" -> workspace -> workspace.name().equalsIgnoreCase(value);
            case "location" -> workspace -> workspace.location().equals(Regions.canonical(value));
            case "tagname" ->
                workspace -> Json.objectAt(workspace.document(), "tags").has(value);
            case "tagvalue" ->
                workspace -> Json.objectAt(workspace.document(), "tags").values().stream()
                        .anyMatch(tag -> tag.isString() && tag.stringValue().equals(value));
            default -> throw new AzureException(Errors.invalidFilter(filter));
        };
    }
}
