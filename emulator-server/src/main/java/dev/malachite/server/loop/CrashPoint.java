package dev.malachite.server.loop;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the process as a power cut does, at a moment that a test names at the start: {@code -Dmalachite.crash=after-commit:17}
 * halts it when it comes there for the seventeenth time. Does nothing unless it is named.
 */
enum CrashPoint {
    BEFORE_COMMIT,
    /** A moment after the write has begun: the database is halted in the middle of it, or right after. */
    DURING_COMMIT,
    AFTER_COMMIT,
    /** The answer is given a moment to reach the one who asked. */
    AFTER_REPLY,
    BEFORE_CALL,
    /** The runtime has done what it was asked, and nobody has been told. */
    AFTER_CALL;

    /** As a shell says it of a process that was killed. */
    private static final int KILLED = 137;

    private static final long ANSWER_MILLIS = 30;

    /** Steps by which the moment inside of a write varies from one count to the next. */
    private static final int WRITE_STEP_MICROS = 130;

    private static final int WRITE_STEPS = 16;

    private final AtomicInteger left = new AtomicInteger(count(name()));

    private static int count(String point) {
        String chosen = System.getProperty("malachite.crash", "");
        String prefix = point.toLowerCase(Locale.ROOT).replace('_', '-') + ":";
        return chosen.startsWith(prefix) ? Integer.parseInt(chosen.substring(prefix.length())) : 0;
    }

    void reached() {
        if (left.get() > 0 && left.decrementAndGet() == 0) {
            switch (this) {
                case BEFORE_COMMIT, AFTER_COMMIT, BEFORE_CALL, AFTER_CALL -> halt();
                case AFTER_REPLY -> {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS));
                    halt();
                }
                case DURING_COMMIT ->
                    Thread.ofPlatform().daemon().start(() -> {
                        int step = count(name()) % WRITE_STEPS;
                        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos((long) step * WRITE_STEP_MICROS));
                        halt();
                    });
            }
        }
    }

    private static void halt() {
        Runtime.getRuntime().halt(KILLED);
    }
}
