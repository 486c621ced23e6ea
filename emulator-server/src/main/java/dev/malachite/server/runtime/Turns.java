package dev.malachite.server.runtime;

import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Lets calls about the same thing take turns while calls about others go on. There are so many locks and no more, however
 * many things there are; two things that share one wait for each other now and then.
 */
public final class Turns {

    private static final int COUNT = 256;

    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(COUNT).toArray(ReentrantLock[]::new);

    /** The lock of whatever equals that key. */
    public ReentrantLock of(Object key) {
        return locks[Math.floorMod(key.hashCode(), COUNT)];
    }
}
