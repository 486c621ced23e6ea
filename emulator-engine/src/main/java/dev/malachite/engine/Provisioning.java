package dev.malachite.engine;

/** The life of a target as a resource. */
public enum Provisioning {
    SUCCEEDED,
    DELETING,
    FAILED
}
