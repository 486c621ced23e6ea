package dev.malachite.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * What a compute target is. One record a kind; switches over it have no default, so that the compiler lists what a new
 * kind still lacks.
 */
public sealed interface ComputeKind {

    /** Azure's {@code computeType} for it; that of serverless compute is our own, for Azure has no target of that kind. */
    default String wire() {
        return switch (this) {
            case AmlCompute _ -> "AmlCompute";
            case ComputeInstance _ -> "ComputeInstance";
            case MadeMachine _, VirtualMachine _ -> "VirtualMachine";
            case Serverless _ -> "Serverless";
            case External external -> external.service().wire();
        };
    }

    /**
     * A cluster that follows its queue between two bounds.
     *
     * @param size of every node, fixed at creation
     * @param priority fixed at creation
     */
    record AmlCompute(VmSize size, VmPriority priority, Scale scale) implements ComputeKind {}

    /**
     * One machine of a user's own, which also runs jobs beside itself.
     *
     * @param size changes only by a resize
     * @param slots how many jobs run at once, 1 or more
     * @param idleBeforeShutdown how long nobody must need it before it is stopped
     * @param creationScript whether a script runs in it once
     * @param startupScript whether a script runs in it at each start
     */
    record ComputeInstance(
            VmSize size,
            int slots,
            Optional<Duration> idleBeforeShutdown,
            boolean creationScript,
            boolean startupScript)
            implements ComputeKind {

        /** How long a job's container waits for another one. */
        private static final Duration IDLE = Duration.ofMinutes(2);

        Scale scale() {
            return new Scale(0, slots, IDLE);
        }

        ComputeInstance resized(VmSize next) {
            return new ComputeInstance(next, slots, idleBeforeShutdown, creationScript, startupScript);
        }
    }

    /**
     * A machine that is made with its target, as data science virtual machines are: it runs one job at a time.
     *
     * @param size fixed at creation
     * @param user who logs in over SSH, fixed at creation
     */
    record MadeMachine(VmSize size, String user) implements ComputeKind {

        /** What it is otherwise: an instance that nothing sets up and nothing shuts down. */
        ComputeInstance instance() {
            return new ComputeInstance(size, 1, Optional.empty(), false, false);
        }
    }

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

    /** What is not made of our nodes: its name, its settings and its keys are kept here, and it takes none of the quota. */
    sealed interface Elsewhere extends ComputeKind {

        /** Whether it is somebody else's, so that it is detached and not deleted; fixed at creation. */
        boolean attached();

        /** The ARM id of what is attached, fixed at creation; empty where it has none. */
        Optional<String> resource();
    }

    /**
     * A machine that is reached over SSH.
     *
     * @param address a name or an address; empty where nobody has said it
     * @param sshPort from 1 to 65535
     * @param user who logs in; empty for one that an earlier version knew, and made no machine for
     */
    record VirtualMachine(
            boolean attached, Optional<String> resource, Optional<String> address, int sshPort, Optional<String> user)
            implements Elsewhere {}

    /** Another service's resource; no rule asks more of it than that it is there. */
    record External(Service service, boolean attached, Optional<String> resource) implements Elsewhere {

        /** Which service it belongs to. */
        public enum Service {
            AKS("AKS"),
            BATCH("Batch"),
            DATABRICKS("Databricks"),
            DATA_FACTORY("DataFactory"),
            DATA_LAKE_ANALYTICS("DataLakeAnalytics"),
            HDINSIGHT("HDInsight"),
            KUBERNETES("Kubernetes"),
            KUSTO("Kusto"),
            SYNAPSE_SPARK("SynapseSpark");

            private final String wire;

            Service(String wire) {
                this.wire = wire;
            }

            /** Azure's {@code computeType} for a target that stands for it. */
            public String wire() {
                return wire;
            }
        }
    }
}
