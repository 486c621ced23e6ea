/** Environments of both SDKs, and what they mean for a node. */
@NullMarked
package dev.malachite.server.environment;

import org.jspecify.annotations.NullMarked;
