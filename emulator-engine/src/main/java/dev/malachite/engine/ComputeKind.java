package dev.malachite.engine;

import java.time.Duration;

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

    /**
     * Serverless compute: a cluster that is made for one job, and goes with its end.
     *
     * @param nodes as many as the job needs at once
     * @param run the job's name
     */
    record Serverless(VmSize size, VmPriority priority, int nodes, String run) implements ComputeKind {

        /** What it is otherwise: its nodes come with the job, and none waits for another. */
        public AmlCompute cluster() {
            return new AmlCompute(size, priority, new Scale(0, nodes, Duration.ZERO));
        }
    }
}
