package dev.malachite.server.store;

import dev.malachite.engine.Attachment;
import dev.malachite.server.run.RunSeed;

/** What is written with a run that is no job of its own: a parent, or a child that never ran. */
public record RunAttachment(RunSeed seed) implements Attachment {}
