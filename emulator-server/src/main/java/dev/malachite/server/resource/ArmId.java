package dev.malachite.server.resource;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a resource in a resource group, in the case it was written in.
 *
 * @param type with its namespace, for example {@code Microsoft.Synapse/workspaces/bigDataPools}
 * @param name of the resource itself, without those of its parents
 */
public record ArmId(String text, String subscription, String group, String type, String name) {

    private static final Pattern FORM = Pattern.compile(
            "/subscriptions/([^/]{1,36})/resourceGroups/([^/]{1,90})/providers/([^/]{1,60})/([^/]{1,60})/([^/]{1,90})(?:/([^/]{1,60})/([^/]{1,90}))?",
            Pattern.CASE_INSENSITIVE);

    /** Empty for a text that is no such id. */
    public static Optional<ArmId> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        String type = form.group(3) + "/" + form.group(4);
        return Optional.of(
                form.group(6) == null
                        ? new ArmId(text, form.group(1), form.group(2), type, form.group(5))
                        : new ArmId(text, form.group(1), form.group(2), type + "/" + form.group(6), form.group(7)));
    }
}
