package dev.malachite.server.run;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Attributes;
import dev.malachite.server.experiment.ExperimentNames;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.HashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** How much a run may hold: Azure ML's documented service limits for runs. */
public final class RunLimits {

    /** What run ids of either SDK look like; they become names of folders and containers. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,255}");

    static final int DISPLAY_NAME = 256;
    static final int DESCRIPTION = 5_000;
    static final int ERROR = 3_000;
    static final int NAME = 256;
    static final int SCRIPT = 2_000;
    private static final int TAGS = 50;
    private static final int KEY = 100;
    /** Of a tag or a property. */
    public static final int VALUE = 1_000;

    private static final int DOCUMENT = 1_000_000;
    private static final String SYSTEM = "_aml_system_";

    private static final String MLFLOW = "mlflow.";
    private static final int LOGGED_TAGS = 500;
    private static final int LOGGED_KEY = 250;
    private static final int LOGGED_VALUE = 8_000;
    private static final int ALL_TAGS = 1_000_000;

    private RunLimits() {}

    /** Refuses a seed that could not be kept; to be asked before a job is accepted. */
    public static void check(RunSeed seed) {
        checkId(seed.id().run());
        seed.parent().ifPresent(RunLimits::checkId);
        ExperimentNames.check(seed.experiment());
        text("displayName", seed.displayName().orElse(""), DISPLAY_NAME);
        text("description", seed.description().orElse(""), DESCRIPTION);
        text("runType", seed.runType(), NAME);
        text("target", seed.target(), NAME);
        text("script", seed.script(), SCRIPT);
        tags(new Attributes(new HashMap<>(seed.tags())));
        properties(new Attributes(new HashMap<>(seed.properties())));
        document("The definition", seed.definition());
    }

    /** The run id, or Azure's 400. */
    public static String checkId(String runId) {
        if (!ID.matcher(runId).matches()) {
            throw new AzureException(Errors.userError(
                    "The run id is not valid. It must have 1 to 256 characters: letters, digits, '_', '-' and '.'."));
        }
        return runId;
    }

    static String text(String what, String text, int limit) {
        if (text.length() > limit) {
            throw new AzureException(Errors.userError(
                    "'%s' has %d characters; at most %d are allowed.".formatted(what, text.length(), limit)));
        }
        return text;
    }

    /** Tags of a new run. Those that the service itself puts on a sweep are long, and there is one for each trial. */
    static Attributes tags(Attributes tags) {
        tags.without(tags.values().keySet().stream()
                        .filter(name -> name.startsWith(SYSTEM))
                        .toList())
                .limited("tags", TAGS, KEY, VALUE);
        if (tags.text().length() > DOCUMENT) {
            throw new AzureException(Errors.tooLarge("The tags", DOCUMENT));
        }
        return tags;
    }

    /** These and what a v1 or v2 client adds; MLflow's own tags are longer, and no user's to count. */
    static Attributes tags(Attributes before, Attributes added) {
        tags(added);
        Attributes merged = before.merged(added);
        if (!added.values().isEmpty()) {
            merged.without(merged.values().keySet().stream()
                            .filter(name -> name.startsWith(MLFLOW) || name.startsWith(SYSTEM))
                            .toList())
                    .limited("tags", TAGS, LOGGED_KEY, LOGGED_VALUE);
        }
        return merged;
    }

    /** These and what MLflow's client adds, by MLflow's limits (mlflow/utils/validation.py). */
    static Attributes logged(Attributes before, Attributes added) {
        Attributes merged = before.merged(added);
        added.limited("tags", LOGGED_TAGS, LOGGED_KEY, LOGGED_VALUE);
        return merged.limited("tags", LOGGED_TAGS, LOGGED_KEY, LOGGED_VALUE);
    }

    static String kept(Attributes tags) {
        String text = tags.text();
        if (text.length() > ALL_TAGS) {
            throw new AzureException(Errors.userError(
                    "The run's tags have %d characters; at most %d are allowed.".formatted(text.length(), ALL_TAGS)));
        }
        return text;
    }

    static Attributes properties(Attributes properties) {
        return properties.limited("properties", TAGS, KEY, VALUE);
    }

    static String document(String what, ObjectNode document) {
        String text = Json.text(document);
        if (text.length() > DOCUMENT) {
            throw new AzureException(Errors.tooLarge(what, DOCUMENT));
        }
        return text;
    }
}
