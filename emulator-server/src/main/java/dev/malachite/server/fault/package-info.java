/** What failures on demand look like on the wire and in the store, and which of them strike outside of the engine. */
@NullMarked
package dev.malachite.server.fault;

import org.jspecify.annotations.NullMarked;
