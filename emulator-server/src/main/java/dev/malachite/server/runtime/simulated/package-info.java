/** Nodes that run nothing, for tests of scale and of failures. */
@NullMarked
package dev.malachite.server.runtime.simulated;

import org.jspecify.annotations.NullMarked;
