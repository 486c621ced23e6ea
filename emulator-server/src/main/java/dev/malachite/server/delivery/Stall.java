package dev.malachite.server.delivery;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Closes a stream from which nothing comes any more, or not enough: who reads it goes on at once. */
final class Stall implements AutoCloseable {

    private static final long LOOK_AGAIN = 1000;

    private final Closeable stream;
    private final long quiet;
    private final long whole;
    private final long began = System.nanoTime();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long last = began;
    private volatile boolean seen;

    Stall(Closeable stream, Duration quiet, Duration whole) {
        this.stream = stream;
        this.quiet = quiet.toNanos();
        this.whole = whole.toNanos();
        Thread.ofVirtual().name("stall").start(this::watch);
    }

    /** Something has come. */
    void came() {
        last = System.nanoTime();
    }

    /** Whether the stream was closed here. */
    boolean seen() {
        return seen;
    }

    @Override
    public void close() {
        done.countDown();
    }

    private void watch() {
        long again = Math.min(LOOK_AGAIN, Math.max(1, TimeUnit.NANOSECONDS.toMillis(quiet)));
        try {
            while (!done.await(again, TimeUnit.MILLISECONDS)) {
                long now = System.nanoTime();
                if (now - last > quiet || now - began > whole) {
                    seen = true;
                    stream.close();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // It was broken already, which its reader learns by itself.
        }
    }
}
