package dev.malachite.server.runtime;

import dev.malachite.engine.NodeId;

/** Hears what happens on nodes. Calls return at once. */
public interface RuntimeObserver {

    /**
     * The job's process has ended and its log is complete on disk.
     *
     * @param exitCode 0 to 255; 128 + n for signal n
     * @param detail what the runtime knows beyond the code, for example {@code out of memory}; may be empty
     */
    void jobExited(NodeId node, int generation, int exitCode, String detail);

    /** The node's container is gone or has ended without having run a job to its end. */
    void nodeLost(NodeId node, int generation, String reason);

    /** There is nothing to stop: the job was never started there, or all of the node is gone. */
    default void neverBegun(NodeId node, int generation) {
        nodeLost(node, generation, "It had not begun.");
    }
}
