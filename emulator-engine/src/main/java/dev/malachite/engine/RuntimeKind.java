package dev.malachite.engine;

/** What a node is made of. Recorded with the node, so that it never moves from one to another. */
public enum RuntimeKind {
    /** A container on a Docker engine. */
    DOCKER,
    /** A process group on this machine. */
    PROCESS,
    /** Nothing: durations and exit codes are taken from the job's tags. */
    SIMULATED,
    /** A machine of the user's own, entered over SSH. */
    SSH
}
