package dev.malachite.engine;

import java.time.Instant;

/**
 * How a low-priority node is taken away.
 *
 * @param noticed from then on code in the node can know of it
 * @param due then its job is told to stop
 * @param retry whether the job is queued again; otherwise it fails with the service's PreemptionError
 */
public record Eviction(Instant noticed, Instant due, boolean retry) {}
