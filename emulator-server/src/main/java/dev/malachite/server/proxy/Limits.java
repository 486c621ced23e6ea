package dev.malachite.server.proxy;

import java.time.Duration;

/**
 * What bounds a proxy that anybody on this machine can reach. A tunnel holds two buffers of {@link #BUFFER} bytes, however
 * fast one side sends and slowly the other reads.
 *
 * @param tunnels at once, those included whose request has not come yet
 * @param head how long a client may take to say where it wants to go
 * @param connect how long the other side may take to answer
 * @param idle how long a tunnel may be silent in both directions, also one that has ended in one of them
 */
record Limits(int tunnels, Duration head, Duration connect, Duration idle) {

    static final int BUFFER = 16 * 1024;

    /** Of a request's or an answer's head, in bytes: a host name, and headers that nobody reads. */
    static final int HEAD_BYTES = 8 * 1024;

    static final Limits DEFAULT =
            new Limits(512, Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofMinutes(10));

    static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
