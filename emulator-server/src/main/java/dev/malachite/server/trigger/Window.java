package dev.malachite.server.trigger;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * From when to when a trigger is in force, in whose time zone.
 *
 * @param start the wall clock's time of the first day; empty for the time at which it was made
 * @param end the wall clock's time after which nothing is due
 */
record Window(ZoneId zone, Optional<LocalDateTime> start, Optional<LocalDateTime> end) {

    /** When it begins, as the wall clock shows it. */
    ZonedDateTime anchor(Instant made) {
        return start.map(time -> time.atZone(zone)).orElseGet(() -> made.atZone(zone));
    }

    /** A time that is in force; one before the start is none. */
    Optional<Instant> within(Optional<ZonedDateTime> time) {
        return time.filter(due -> end.isEmpty() || !due.isAfter(end.get().atZone(zone)))
                .map(ZonedDateTime::toInstant);
    }

    /** After which instant to look, so that the start itself counts. */
    Instant after(Instant instant) {
        return start.map(time -> time.atZone(zone).toInstant().minusNanos(1))
                .filter(before -> before.isAfter(instant))
                .orElse(instant);
    }
}
