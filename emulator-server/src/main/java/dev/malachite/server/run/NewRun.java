package dev.malachite.server.run;

import dev.malachite.engine.JobId;
import java.util.Optional;

/** A run about to be written, with what cannot change later. */
record NewRun(
        JobId id, String experiment, Optional<String> parent, boolean executed, String status, String createdBy) {}
