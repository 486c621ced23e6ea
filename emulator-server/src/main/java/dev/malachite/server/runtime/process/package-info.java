/** Nodes as process groups of this machine, for where no engine is. */
@NullMarked
package dev.malachite.server.runtime.process;

import org.jspecify.annotations.NullMarked;
