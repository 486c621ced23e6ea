package dev.malachite.engine;

import java.time.Instant;

/**
 * What was last done to a compute instance, as the service tells it.
 *
 * @param at when it began
 */
public record LastOperation(Name name, Instant at, Status status, Trigger trigger) {

    /** What was done. */
    public enum Name {
        CREATE("Create"),
        START("Start"),
        STOP("Stop"),
        RESTART("Restart"),
        RESIZE("Resize"),
        DELETE("Delete");

        private final String wire;

        Name(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }

    /** What has come of it. */
    public enum Status {
        IN_PROGRESS,
        SUCCEEDED,
        FAILED
    }

    /** Who began it. */
    public enum Trigger {
        USER("User"),
        SCHEDULE("Schedule"),
        IDLE_SHUTDOWN("IdleShutdown");

        private final String wire;

        Trigger(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }

    static LastOperation begun(Name name, Instant now, Trigger trigger) {
        return new LastOperation(name, now, Status.IN_PROGRESS, trigger);
    }

    /** What an ended operation ended with is not changed by what comes later. */
    LastOperation ended(boolean well) {
        return status == Status.IN_PROGRESS
                ? new LastOperation(name, at, well ? Status.SUCCEEDED : Status.FAILED, trigger)
                : this;
    }

    /** As the service writes it: {@code Succeeded}, {@code StartFailed}. */
    public String wireStatus() {
        return switch (status) {
            case IN_PROGRESS -> "InProgress";
            case SUCCEEDED -> "Succeeded";
            case FAILED -> name.wire() + "Failed";
        };
    }
}
