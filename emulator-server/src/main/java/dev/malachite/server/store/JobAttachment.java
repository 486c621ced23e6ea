package dev.malachite.server.store;

import dev.malachite.engine.Attachment;
import dev.malachite.server.run.RunSeed;
import dev.malachite.server.runtime.ImageDefinition;

/**
 * What is written with a job that the engine does not look into.
 *
 * @param image what its image is made from
 */
public record JobAttachment(RunSeed seed, ImageDefinition image) implements Attachment {}
