package dev.malachite.server.store;

import java.time.Instant;

/**
 * What is kept of the clock, so that time does not run backwards over a restart.
 *
 * @param kind how it passes
 * @param speed how fast
 * @param at what it said ...
 * @param real ... at this real time
 */
public record KeptClock(String kind, double speed, Instant at, Instant real) {}
