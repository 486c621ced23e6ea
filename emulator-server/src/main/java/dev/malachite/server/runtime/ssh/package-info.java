/** Nodes that are machines of the user's own, reached over SSH. */
@NullMarked
package dev.malachite.server.runtime.ssh;

import org.jspecify.annotations.NullMarked;
