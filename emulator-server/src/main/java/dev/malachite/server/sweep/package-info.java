/** What the wire says of sweeps: search spaces, algorithms, policies and limits of either SDK. */
@NullMarked
package dev.malachite.server.sweep;

import org.jspecify.annotations.NullMarked;
