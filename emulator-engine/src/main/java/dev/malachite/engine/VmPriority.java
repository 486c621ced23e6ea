package dev.malachite.engine;

/** Whether a cluster's nodes may be taken away. */
public enum VmPriority {
    DEDICATED,
    /** Cheaper; Azure may evict the node at any time. */
    LOW_PRIORITY
}
