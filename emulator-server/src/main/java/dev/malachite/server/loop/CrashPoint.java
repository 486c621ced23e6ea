package dev.malachite.server.loop;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the process as a power cut does, at a moment that a test names at the start: {@code -Dmalachite.crash=after-commit:17}
 * halts it when it comes there for the seventeenth time. Does nothing unless it is named.
 */
final class CrashPoint {

    static final CrashPoint BEFORE_COMMIT = new CrashPoint("before-commit", When.AT_ONCE);

    /** A moment after the write has begun: the database is halted in the middle of it, or right after. */
    static final CrashPoint DURING_COMMIT = new CrashPoint("during-commit", When.BESIDE);

    static final CrashPoint AFTER_COMMIT = new CrashPoint("after-commit", When.AT_ONCE);

    /** The answer is given a moment to reach the one who asked. */
    static final CrashPoint AFTER_REPLY = new CrashPoint("after-reply", When.SOON);

    static final CrashPoint BEFORE_CALL = new CrashPoint("before-call", When.AT_ONCE);

    /** The runtime has done what it was asked, and nobody has been told. */
    static final CrashPoint AFTER_CALL = new CrashPoint("after-call", When.AT_ONCE);

    /** As a shell says it of a process that was killed. */
    private static final int KILLED = 137;

    private static final long ANSWER_MILLIS = 30;

    /** Steps by which the moment inside of a write varies from one count to the next. */
    private static final int WRITE_STEP_MICROS = 130;

    private static final int WRITE_STEPS = 16;

    private final When when;
    private final int count;
    private final AtomicInteger left;

    private enum When {
        AT_ONCE,
        SOON,
        /** While whoever came here goes on. */
        BESIDE
    }

    private CrashPoint(String name, When when) {
        this.when = when;
        String chosen = System.getProperty("malachite.crash", "");
        count = chosen.startsWith(name + ":") ? Integer.parseInt(chosen.substring(name.length() + 1)) : 0;
        left = new AtomicInteger(count);
    }

    void reached() {
        if (left.get() <= 0 || left.decrementAndGet() != 0) {
            return;
        }
        switch (when) {
            case AT_ONCE -> halt(0);
            case SOON -> halt(TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS));
            case BESIDE -> {
                long wait = TimeUnit.MICROSECONDS.toNanos((long) (count % WRITE_STEPS) * WRITE_STEP_MICROS);
                Thread.ofPlatform().daemon().start(() -> halt(wait));
            }
        }
    }

    private static void halt(long waitNanos) {
        LockSupport.parkNanos(waitNanos);
        Runtime.getRuntime().halt(KILLED);
    }
}
