package dev.malachite.server.loop;

import dev.malachite.api.AzureError;
import dev.malachite.engine.Done;
import dev.malachite.server.ClockMode;
import dev.malachite.server.web.AzureException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.springframework.stereotype.Component;

/** How a test sets and turns the clock. */
@Component
public class Clockwork {

    private final ControlLoop loop;

    Clockwork(ControlLoop loop) {
        this.loop = loop;
    }

    /** Sets the clock back to real time and the mode of the start. */
    public void reset() {
        await(loop.turn((clock, turner) -> clock.reset()));
    }

    /** From now on time passes in this way. */
    public void mode(ClockMode mode) {
        await(loop.turn((clock, turner) -> clock.mode(mode)));
    }

    /** The last time that the clock can be turned to. */
    public static Instant last() {
        return EmulatorClock.LAST;
    }

    /** Returns when the clock has been turned, the timers on the way have fired in order, and what they cause was seen. */
    public void advance(Duration by) {
        await(loop.turn((clock, turner) -> turner.turn(clock.instant().plus(by))));
    }

    /** Turns it to a time; to none that lies behind. */
    public void advanceTo(Instant time) {
        await(loop.turn((clock, turner) -> turner.turn(time)));
    }

    /** When the next timer fires, if there is one. */
    public Optional<Instant> next() {
        return loop.next().filter(time -> time.isBefore(EmulatorClock.LAST));
    }

    /** Without a deadline: a year with a timer each minute takes its time, and each step of it is bounded. */
    private static void await(CompletableFuture<Done> turned) {
        try {
            turned.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ClockTurner.CutShort cut) {
                throw new AzureException(new AzureError(409, "ClockNotTurned", String.valueOf(cut.getMessage())));
            }
            throw new IllegalStateException("the clock could not be set", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
