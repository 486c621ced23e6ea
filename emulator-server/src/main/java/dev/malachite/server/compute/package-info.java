/** Compute targets on the wire: clusters, their nodes, VM sizes and operations. */
@NullMarked
package dev.malachite.server.compute;

import org.jspecify.annotations.NullMarked;
