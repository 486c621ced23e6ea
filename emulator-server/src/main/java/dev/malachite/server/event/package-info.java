/** The log of all that happened: kept on disk, followed, exported, and decided once more to see that the same follows. */
@NullMarked
package dev.malachite.server.event;

import org.jspecify.annotations.NullMarked;
