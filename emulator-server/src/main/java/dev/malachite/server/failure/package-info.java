/** Makes the failures happen that were asked for and that strike requests. */
@NullMarked
package dev.malachite.server.failure;

import org.jspecify.annotations.NullMarked;
