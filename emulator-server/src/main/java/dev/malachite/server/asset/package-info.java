/** Data, models and components: versioned documents of both SDKs, and what a reference to one means. */
@NullMarked
package dev.malachite.server.asset;

import org.jspecify.annotations.NullMarked;
