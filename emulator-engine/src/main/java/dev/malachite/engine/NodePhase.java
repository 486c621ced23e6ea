package dev.malachite.engine;

/** A node's state, in the service's words. */
public enum NodePhase {
    PREPARING,
    IDLE,
    RUNNING,
    LEAVING,
    PREEMPTED,
    UNUSABLE
}
