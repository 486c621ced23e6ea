package dev.malachite.testkit.emulator;

import java.util.Locale;

/** Where an emulator runs jobs. */
public enum JobRuntime {
    /** Nowhere: a job lasts and ends as its tags say, on the emulator's clock. For tests of scaling, queues and failures. */
    SIMULATED,
    /** As processes of the emulator's machine, or of its container. For tests of what a script does. */
    PROCESS,
    /** In containers of a Docker engine. */
    DOCKER;

    /** As the emulator's option {@code --runtime} takes it. */
    public String option() {
        return name().toLowerCase(Locale.ROOT);
    }
}
