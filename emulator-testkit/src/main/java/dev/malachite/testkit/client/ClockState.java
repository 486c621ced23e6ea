package dev.malachite.testkit.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The emulator's clock at one moment.
 *
 * @param now the emulator's time
 * @param ahead how far it is before real time
 * @param mode how it passes
 * @param next the time of the next timer, if there is one: the end of an idle time, of a job, of a deadline
 */
public record ClockState(Instant now, Duration ahead, ClockMode mode, Optional<Instant> next) {}
