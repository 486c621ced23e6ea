package dev.malachite.server.loop;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** Counts what goes on outside of the loop, requests above all: while it does, a clock that turns itself waits. */
@Component
public class Activity {

    private final AtomicInteger going = new AtomicInteger();
    private final AtomicInteger errands = new AtomicInteger();
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

    /** Does on a thread of its own what a timer wants done; a turn of the clock waits for it too. */
    public void errand(String name, Runnable task) {
        errands.incrementAndGet();
        Thread.ofVirtual().name(name).start(() -> {
            try {
                task.run();
            } finally {
                errands.decrementAndGet();
                ended.run();
            }
        });
    }

    /** Whether all that timers wanted done is done. */
    boolean errandsDone() {
        return errands.get() == 0;
    }

    boolean quiet() {
        return going.get() == 0 && errandsDone();
    }
}
