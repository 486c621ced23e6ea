package dev.malachite.server.runtime;

import dev.malachite.engine.NodeId;
import dev.malachite.engine.TargetId;

/**
 * What a runtime must make for a node.
 *
 * @param id bears the container's host name and label
 * @param target the cluster; its nodes share one network on which they find each other by name
 * @param slot 0 for the first node of a cluster; fixes the node's address
 * @param generation counts the containers that this node has had; a job never runs in a used one
 * @param image the runtime's own reference as {@link NodeRuntime#prepareImage} returned it
 * @param cpus share of the host, 1 or more; a bigger VM size than the host has is cut to the host
 * @param memoryMib limit
 * @param gpus as many as the VM size has; the host need not have any
 */
public record NodeSpec(
        NodeId id, TargetId target, int slot, int generation, String image, int cpus, long memoryMib, int gpus) {

    /** A node without GPUs. */
    public NodeSpec(NodeId id, TargetId target, int slot, int generation, String image, int cpus, long memoryMib) {
        this(id, target, slot, generation, image, cpus, memoryMib, 0);
    }
}
