package dev.malachite.server.store;

import dev.malachite.engine.Attachment;
import dev.malachite.server.run.RunSeed;
import dev.malachite.server.run.Runs;
import org.jspecify.annotations.Nullable;

/** What is written with a run that is no job of its own: a parent, or a child that never ran. */
public record RunAttachment(RunSeed seed) implements Attachment {

    /** Null when there is a run of that name already, which must not be written over. */
    public static @Nullable RunAttachment ofNew(RunSeed seed, Runs runs) {
        return runs.find(seed.id().workspace(), seed.id().run()).isPresent() ? null : new RunAttachment(seed);
    }
}
