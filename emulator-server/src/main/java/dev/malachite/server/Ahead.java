package dev.malachite.server;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Something that a thread of its own gets ready while the rest of the server does. A platform thread: a virtual one that loads
 * classes keeps its carrier from others.
 */
public final class Ahead<T> {

    private final FutureTask<T> work;

    private Ahead(FutureTask<T> work) {
        this.work = work;
    }

    /** Begins to get it ready. */
    public static <T> Ahead<T> begin(String thread, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name(thread).start(task);
        return new Ahead<>(task);
    }

    /**
     * Waits until it is ready.
     *
     * @throws RuntimeException that which the work ended with; a checked one is the cause of an {@link IllegalStateException}
     */
    public T get() throws InterruptedException {
        try {
            return work.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e);
        }
    }
}
