package dev.malachite.server.identity;

/** Knows whether a compute instance is still the one that a token was made for. */
public interface InstanceStanding {

    boolean isLive(InstanceIdentity identity);
}
