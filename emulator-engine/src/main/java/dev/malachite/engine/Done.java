package dev.malachite.engine;

/** The reply of a command that has nothing to tell but that it was carried out. */
public enum Done {
    DONE
}
