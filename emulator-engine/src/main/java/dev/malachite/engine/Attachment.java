package dev.malachite.engine;

/** What a command brings that the engine does not look into and the store writes in the same transaction. */
public interface Attachment {}
