/** Sweeps of both SDKs: HyperDrive's own routes, the v2 job type, their trials, and what is kept at their end. */
@NullMarked
package dev.malachite.server.hyperdrive;

import org.jspecify.annotations.NullMarked;
