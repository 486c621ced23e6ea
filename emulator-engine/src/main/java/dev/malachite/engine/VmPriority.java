package dev.malachite.engine;

/** Whether a cluster's nodes may be taken away. */
public enum VmPriority {
    DEDICATED,
    /** Cheaper; Azure may evict the node at any time. */
    LOW_PRIORITY;

    /** Azure's {@code vmPriority}. */
    public String wire() {
        return switch (this) {
            case DEDICATED -> "Dedicated";
            case LOW_PRIORITY -> "LowPriority";
        };
    }
}
