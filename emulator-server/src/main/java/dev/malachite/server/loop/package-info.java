/** One thread that owns the engine's state, the clock it goes by, and the hands that carry out what it plans. */
@NullMarked
package dev.malachite.server.loop;

import org.jspecify.annotations.NullMarked;
