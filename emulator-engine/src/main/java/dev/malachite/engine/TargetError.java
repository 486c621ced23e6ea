package dev.malachite.engine;

import java.time.Instant;

/**
 * Why a cluster could not get what it wanted; its provisioning stays succeeded, as the service's does.
 *
 * @param code Azure's word
 */
public record TargetError(String code, String message, Instant at) {

    /** More cores are wanted than the quota allows; the cluster goes on by itself when some come free. */
    public static final String QUOTA = "ClusterCoreQuotaReached";
}
