package dev.malachite.server.run;

import java.util.Set;

/** Run history's words for what a run does, as azureml-core and azure-ai-ml know them. */
public final class RunStatus {

    static final String RUNNING = "Running";

    private static final Set<String> FINAL = Set.of("Completed", "Failed", "Canceled");

    private static final Set<String> KNOWN = Set.of(
            "NotStarted",
            "Queued",
            "Preparing",
            "Provisioning",
            "Starting",
            "Running",
            "Unapproved",
            "NotResponding",
            "Pausing",
            "Paused",
            "Finalizing",
            "CancelRequested",
            "Completed",
            "Failed",
            "Canceled");

    private RunStatus() {}

    public static boolean isFinal(String status) {
        return FINAL.contains(status);
    }

    static boolean isKnown(String status) {
        return KNOWN.contains(status);
    }

    static Set<String> finals() {
        return FINAL;
    }
}
