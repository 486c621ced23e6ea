package dev.malachite.engine;

/**
 * What the rules need to know of a VM size.
 *
 * @param name Azure's, in its own case, for example {@code Standard_DS2_v2}
 * @param family the quota family, for example {@code standardDSv2Family}
 * @param vCpus cores, 1 or more
 * @param gpus 0 where there are none
 * @param memoryMib memory in MiB
 */
public record VmSize(String name, String family, int vCpus, int gpus, long memoryMib) {

    /** What container instances are of: no machines, so their cores are no cluster's. */
    public static final String CONTAINER_FAMILY = "containerInstances";
}
