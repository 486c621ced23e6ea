package dev.malachite.server.loop;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Component;

/**
 * The emulator's one clock: real time plus what it was told to jump. Microseconds, because that is what the database
 * keeps. Tokens, SAS and certificates go by real time instead: clients judge them by their own clock.
 */
@Component
public class EmulatorClock extends Clock {

    private final InstantSource real = InstantSource.system();
    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
        return real.instant().plus(ahead).truncatedTo(ChronoUnit.MICROS);
    }

    /** How far the emulator's time is ahead of the real one. */
    public Duration ahead() {
        return ahead;
    }

    /** Makes it {@code at}, unless it is later already. Only the control loop calls this, so that timers fire in order. */
    void jumpTo(Instant at) {
        Duration missing = Duration.between(instant(), at);
        if (missing.isPositive()) {
            ahead = ahead.plus(missing);
        }
    }

    /** How long, in real time, until it is {@code at}; never negative. */
    Duration until(Instant at) {
        Duration left = Duration.between(instant(), at);
        return left.isNegative() ? Duration.ZERO : left;
    }

    void reset() {
        ahead = Duration.ZERO;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
