package dev.malachite.engine;

/** A job's state, in the service's words. */
public enum JobPhase {
    /** Its image is being made. */
    PREPARING("Preparing"),
    /** It waits for nodes. */
    QUEUED("Queued"),
    /** It has nodes; its process is about to start. */
    STARTING("Starting"),
    RUNNING("Running"),
    CANCEL_REQUESTED("CancelRequested"),
    /** Its process has ended; what it left is being kept. */
    FINALIZING("Finalizing"),
    COMPLETED("Completed"),
    FAILED("Failed"),
    CANCELED("Canceled");

    private final String wire;

    JobPhase(String wire) {
        this.wire = wire;
    }

    /** Azure's spelling. */
    public String wire() {
        return wire;
    }

    public boolean terminal() {
        return this == COMPLETED || this == FAILED || this == CANCELED;
    }

    /** Whether it waits, without a process. */
    public boolean waiting() {
        return this == PREPARING || this == QUEUED;
    }
}
