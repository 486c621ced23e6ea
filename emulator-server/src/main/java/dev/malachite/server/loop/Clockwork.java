package dev.malachite.server.loop;

import java.time.Duration;
import org.springframework.stereotype.Component;

/** How a test turns the clock. */
@Component
public class Clockwork {

    private final ControlLoop loop;

    Clockwork(ControlLoop loop) {
        this.loop = loop;
    }

    /** Sets the clock back to real time. */
    public void reset() {
        loop.resetClock();
    }

    /** Returns when the clock has been turned and the timers on the way have fired, in order. */
    public void advance(Duration by) {
        Commands.await(loop.advance(by));
    }
}
