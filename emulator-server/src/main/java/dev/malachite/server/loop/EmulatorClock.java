package dev.malachite.server.loop;

import dev.malachite.server.ClockMode;
import dev.malachite.server.Settings;
import dev.malachite.server.store.KeptClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The emulator's one clock: real time, plus what it was told to jump, or in another {@link ClockMode}. Microseconds,
 * because that is what the database keeps. Tokens, SAS and certificates go by real time instead: clients judge them by
 * their own clock. Only the control loop sets it, so that timers fire in order.
 */
@Component
public class EmulatorClock extends Clock {

    /** It stops here: later times do not fit into what is stored and sent. */
    static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

    private final InstantSource real;
    private final ClockMode first;

    /** Whether the start said how time passes. */
    private final boolean told;

    private volatile Reading reading;
    private volatile boolean kept;

    /**
     * It says {@code at} at the real time {@code realAt} and goes on from there.
     *
     * @param held while what a turn has caused is waited for, it stands still in every mode
     */
    private record Reading(ClockMode mode, Instant at, Instant realAt, boolean held) {

        Instant now(Instant realNow) {
            if (held || mode.kind() == ClockMode.Kind.MANUAL) {
                return at;
            }
            Duration passed = Duration.between(realAt, realNow);
            Duration own = mode.kind() == ClockMode.Kind.SCALED ? scaled(passed, mode.speed()) : passed;
            Instant now = at.plus(own);
            return now.isAfter(LAST) ? LAST : now;
        }

        private static Duration scaled(Duration passed, double speed) {
            double micros = passed.toNanos() / 1000.0 * speed;
            double most = Duration.ofDays(365L * 9000).toSeconds() * 1e6;
            return Duration.of((long) Math.min(micros, most), ChronoUnit.MICROS);
        }
    }

    @Autowired
    EmulatorClock(Settings settings) {
        this(InstantSource.system(), ClockMode.parse(settings.clock()));
    }

    EmulatorClock(InstantSource real, Optional<ClockMode> first) {
        this.real = real;
        this.first = first.orElse(ClockMode.REAL);
        this.told = first.isPresent();
        this.kept = !told;
        Instant now = real.instant().truncatedTo(ChronoUnit.MICROS);
        this.reading = new Reading(this.first, now, now, false);
    }

    @Override
    public Instant instant() {
        return reading.now(real.instant()).truncatedTo(ChronoUnit.MICROS);
    }

    /** How far the emulator's time is ahead of the real one. */
    public Duration ahead() {
        Instant now = real.instant();
        return Duration.between(now, reading.now(now)).truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * What it showed at a moment of real time since it was last set; empty for an earlier one, when nobody knows any more
     * how it stood.
     */
    Optional<Instant> shown(Instant realThen) {
        Reading now = reading;
        return realThen.isBefore(now.realAt()) ? Optional.empty() : Optional.of(now.now(realThen));
    }

    public ClockMode mode() {
        return reading.mode();
    }

    /** How long, in real time, until it is {@code at}; never negative, {@code most} when it is later or never comes. */
    Duration until(Instant at, Duration most) {
        ClockMode mode = reading.mode();
        Duration left = Duration.between(instant(), at);
        if (left.isNegative() || left.isZero()) {
            return Duration.ZERO;
        }
        if (mode.kind() == ClockMode.Kind.MANUAL) {
            return most;
        }
        double seconds = (left.toSeconds() + left.toNanosPart() / 1e9) / mode.speed();
        // Rounded up: to wake a moment too early would be to wake twice.
        return seconds >= most.toSeconds() ? most : Duration.ofNanos((long) (seconds * 1e9) + 1000);
    }

    /** From now on time passes in this way. */
    void mode(ClockMode mode) {
        set(mode, instant(), reading.held());
    }

    /** Makes it {@code at}, unless it is later already, and has it stand still there. */
    void hold(Instant at) {
        Instant now = instant();
        set(reading.mode(), now.isAfter(at) ? now : at, true);
    }

    /** It goes on as its mode says. */
    void release() {
        set(reading.mode(), instant(), false);
    }

    /** Back to real time and the mode of the start. */
    void reset() {
        set(first, real.instant(), false);
    }

    private void set(ClockMode mode, Instant at, boolean held) {
        // Rounded up, or a timer set in nanoseconds would never be due on a clock that stands still.
        Instant whole = at.truncatedTo(ChronoUnit.MICROS);
        Instant rounded = whole.equals(at) ? at : whole.plus(1, ChronoUnit.MICROS);
        reading = new Reading(mode, rounded, real.instant().truncatedTo(ChronoUnit.MICROS), held);
        kept = false;
    }

    /** What is to be written with the next change; empty when it has been since it was last set. */
    Optional<KeptClock> unkept() {
        return kept ? Optional.empty() : Optional.of(keep());
    }

    KeptClock keep() {
        Reading now = reading;
        return new KeptClock(now.mode().kind().name(), now.mode().speed(), now.at(), now.realAt());
    }

    /** The last setting is on disk. Only the loop sets the clock and keeps it, so it cannot have been set again since. */
    void kept() {
        kept = true;
    }

    /** Goes on from where it was; a mode that the start was told takes the place of the kept one. */
    void restore(KeptClock before) {
        ClockMode had = new ClockMode(ClockMode.Kind.valueOf(before.kind()), before.speed());
        reading = new Reading(had, before.at(), before.real(), false);
        if (told) {
            mode(first);
        }
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
