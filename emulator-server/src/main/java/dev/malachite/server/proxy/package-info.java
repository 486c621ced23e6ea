/** The CONNECT proxy: takes Azure's own names to our https listener, for clients whose addresses are fixed in their code. */
@NullMarked
package dev.malachite.server.proxy;

import org.jspecify.annotations.NullMarked;
