package dev.malachite.server.runtime;

import java.time.Instant;

/** Runs things at an instant of the emulator's own time, which a test can turn forward. */
public interface Timers {

    /** Runs the task once, as soon as the time is reached; at once if it is past. */
    Cancel at(Instant when, Runnable task);

    /**
     * The same for what recurs without end: a clock that turns itself jumps past its time on the way to others, but not for
     * its sake, or it would jump for ever.
     */
    Cancel meanwhile(Instant when, Runnable task);

    /** Takes a timer back; without effect once it has run. */
    interface Cancel {
        void cancel();
    }
}
