package dev.malachite.engine;

/** What is done to a compute instance that is there. */
public enum Power {
    START("Start", InstanceState.STARTING, LastOperation.Name.START),
    STOP("Stop", InstanceState.STOPPING, LastOperation.Name.STOP),
    RESTART("Restart", InstanceState.RESTARTING, LastOperation.Name.RESTART);

    private final String wire;
    private final InstanceState leadsTo;
    private final LastOperation.Name operation;

    Power(String wire, InstanceState leadsTo, LastOperation.Name operation) {
        this.wire = wire;
        this.leadsTo = leadsTo;
        this.operation = operation;
    }

    public String wire() {
        return wire;
    }

    InstanceState leadsTo() {
        return leadsTo;
    }

    LastOperation.Name operation() {
        return operation;
    }

    /** Whether a user may ask for it then. */
    boolean possibleIn(InstanceState state) {
        return switch (this) {
            case START -> state == InstanceState.STOPPED;
            case STOP, RESTART ->
                state == InstanceState.RUNNING
                        || state == InstanceState.SETUP_FAILED
                        || state == InstanceState.UNUSABLE;
        };
    }
}
