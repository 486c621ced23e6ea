package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One of the engine's streams, to wait for. Unlike the client's own adapter it keeps an error for who waits, instead of
 * writing every connection that we end ourselves to the log.
 */
abstract class EngineStream<T> implements ResultCallback<T> {

    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Closeable connection;
    private boolean closed;
    private volatile @Nullable Throwable error;

    /** What came; the stream's end if the engine sends nothing more. */
    @Override
    public abstract void onNext(T item);

    @Override
    public void onStart(Closeable started) {
        synchronized (this) {
            if (!closed) {
                connection = started;
                return;
            }
        }
        quietly(started);
    }

    @Override
    public void onError(Throwable failure) {
        if (ended.getCount() > 0) {
            error = failure;
        }
        close();
    }

    @Override
    public void onComplete() {
        close();
    }

    /** Ends the connection; who waits goes on. */
    @Override
    public void close() {
        Closeable open;
        synchronized (this) {
            closed = true;
            open = connection;
            connection = null;
        }
        ended.countDown();
        if (open != null) {
            quietly(open);
        }
    }

    /** Whether the stream has ended by then; fails as the stream did. */
    final boolean await(long count, TimeUnit unit) throws InterruptedException {
        if (!ended.await(count, unit)) {
            return false;
        }
        Throwable failure = error;
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure != null) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
        return true;
    }

    private static void quietly(Closeable connection) {
        try {
            connection.close();
        } catch (IOException e) {
            // It was broken already.
        }
    }
}
