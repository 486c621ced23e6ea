/** Nodes as containers of a Docker engine. */
@NullMarked
package dev.malachite.server.runtime.docker;

import org.jspecify.annotations.NullMarked;
