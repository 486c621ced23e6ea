/** Where nodes live: containers, processes, or a simulation, under one contract. */
@NullMarked
package dev.malachite.server.runtime;

import org.jspecify.annotations.NullMarked;
