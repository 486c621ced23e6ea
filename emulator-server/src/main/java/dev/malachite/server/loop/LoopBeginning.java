package dev.malachite.server.loop;

import dev.malachite.server.runtime.Runtimes;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * What must be there before the first request and until the last one is answered: the stored state, and the choice of a
 * runtime. The web server starts after this and ends before it.
 */
@Component
class LoopBeginning implements SmartLifecycle {

    /** The web server's own phase is 2048 below the default. */
    private static final int BEFORE_THE_WEB_SERVER = DEFAULT_PHASE - 4096;

    private final ControlLoop loop;
    private final Runtimes runtimes;
    private final RuntimeHands hands;
    private volatile boolean running;

    LoopBeginning(ControlLoop loop, Runtimes runtimes, RuntimeHands hands) {
        this.loop = loop;
        this.runtimes = runtimes;
        this.hands = hands;
    }

    @Override
    public void start() {
        runtimes.observe(hands);
        loop.load();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        try {
            loop.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return BEFORE_THE_WEB_SERVER;
    }
}
