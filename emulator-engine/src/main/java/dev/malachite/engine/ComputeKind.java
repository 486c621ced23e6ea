package dev.malachite.engine;

/**
 * What a compute target is. One record a kind; switches over it have no default, so that the compiler lists what a new
 * kind still lacks.
 */
public sealed interface ComputeKind {

    /**
     * A cluster that follows its queue between two bounds.
     *
     * @param size of every node, fixed at creation
     * @param priority fixed at creation
     */
    record AmlCompute(VmSize size, VmPriority priority, Scale scale) implements ComputeKind {}
}
