/** The first thing a newcomer runs: a client of the public API, with nothing of the server's but its address. */
@NullMarked
package dev.malachite.server.demo;

import org.jspecify.annotations.NullMarked;
