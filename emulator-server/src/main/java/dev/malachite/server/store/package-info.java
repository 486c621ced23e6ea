/** The engine's state on disk: one transaction a batch. */
@NullMarked
package dev.malachite.server.store;

import org.jspecify.annotations.NullMarked;
