package dev.malachite.server.loop;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** Counts what goes on outside of the loop, requests above all: while it does, a clock that turns itself waits. */
@Component
public class Activity {

    private final AtomicInteger going = new AtomicInteger();
    private volatile Runnable ended = () -> {};

    /** Says whom to tell when nothing goes on any more. */
    void onQuiet(Runnable quiet) {
        ended = quiet;
    }

    public void begin() {
        going.incrementAndGet();
    }

    /** Once for each {@link #begin}. */
    public void end() {
        if (going.decrementAndGet() == 0) {
            ended.run();
        }
    }

    boolean quiet() {
        return going.get() == 0;
    }
}
