package dev.malachite.server.mlflow;

import dev.malachite.server.run.RunView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A run's tags as MLflow has them: those that every SDK shares, and those that are something else to the others. */
final class RunTags {

    static final String NAME = "mlflow.runName";
    static final String NOTE = "mlflow.note.content";
    static final String PARENT = "mlflow.parentRunId";
    static final String ROOT = "mlflow.rootRunId";
    static final String USER = "mlflow.user";

    /** Kept as what they are to the other SDKs: the display name, the description, and whose child it is. */
    static final Set<String> DERIVED = Set.of(NAME, NOTE, PARENT, ROOT);

    private RunTags() {}

    static Map<String, String> of(RunView run) {
        Map<String, String> tags = new LinkedHashMap<>(run.tags().asMap());
        tags.put(NAME, name(run));
        tags.put(ROOT, run.root());
        run.parent().ifPresent(parent -> tags.put(PARENT, parent));
        run.description().ifPresent(text -> tags.put(NOTE, text));
        tags.putIfAbsent(USER, run.createdBy());
        return tags;
    }

    static String name(RunView run) {
        return run.displayName().or(run::name).orElseGet(run::runId);
    }
}
