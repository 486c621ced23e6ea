package dev.malachite.server.experiment;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import java.util.regex.Pattern;

/** What an experiment may be called. */
public final class ExperimentNames {

    /**
     * 256 characters is the documented limit; blanks and other scripts' letters are let through, because the v2 SDK
     * takes the current folder's name.
     */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N} _.-]{0,255}");

    private ExperimentNames() {}

    /** The name, or Azure's 400. */
    public static String check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new AzureException(Errors.userError(
                    ("The experiment name '%s' is not valid. It must have 1 to 256 characters, begin with a letter, a"
                                    + " digit or an underscore, and hold only letters, digits, '_', '-', '.' and blanks.")
                            .formatted(name.length() > 300 ? name.substring(0, 300) + "…" : name)));
        }
        return name;
    }
}
